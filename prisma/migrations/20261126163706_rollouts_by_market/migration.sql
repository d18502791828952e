-- AlterTable
ALTER TABLE "rollouts" ADD COLUMN     "market" TEXT NOT NULL DEFAULT '';
