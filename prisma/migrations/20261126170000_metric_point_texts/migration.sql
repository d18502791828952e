-- AlterTable
ALTER TABLE "metric_points" ADD COLUMN     "severity" TEXT,
ADD COLUMN     "text" TEXT;
