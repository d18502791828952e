-- AlterTable
ALTER TABLE "rollouts" ADD COLUMN     "base_configuration" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "configuration" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "serving_configurations" (
    "model" TEXT NOT NULL,
    "configuration" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reason" TEXT NOT NULL,

    CONSTRAINT "serving_configurations_pkey" PRIMARY KEY ("model","configuration")
);

-- CreateIndex
CREATE UNIQUE INDEX "serving_configurations_model_sha256_key" ON "serving_configurations"("model", "sha256");
