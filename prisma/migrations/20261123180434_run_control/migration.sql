-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "launched_at" TIMESTAMPTZ(3);
