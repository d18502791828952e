-- AlterTable
ALTER TABLE "alerts" ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "notifications" ADD COLUMN     "traceparent" TEXT;
