-- AlterTable
ALTER TABLE "rule_evaluations" ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "traceparent" TEXT;
