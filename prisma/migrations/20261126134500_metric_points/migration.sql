-- A partition a month, made and dropped by storage/postgres/metric-series.ts.
-- CreateTable
CREATE TABLE "metric_points" (
    "pipeline" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION,
    "alarm" BOOLEAN NOT NULL,
    "model" TEXT,
    "model_version" INTEGER,
    "run_id" TEXT,

    CONSTRAINT "metric_points_pkey" PRIMARY KEY ("pipeline","name","subject","market","at")
) PARTITION BY RANGE ("at");

-- CreateIndex
CREATE INDEX "metric_points_pipeline_at_idx" ON "metric_points"("pipeline", "at" DESC);
