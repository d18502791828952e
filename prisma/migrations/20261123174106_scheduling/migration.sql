-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "admitted_at" TIMESTAMPTZ(3),
ADD COLUMN     "backfill_id" TEXT,
ADD COLUMN     "cache" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "execution" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "limits" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "parent_id" TEXT,
ADD COLUMN     "partition" TEXT,
ADD COLUMN     "pause" JSONB,
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 3;

-- AlterTable
ALTER TABLE "step_runs" ADD COLUMN     "cached_from" JSONB;

-- CreateTable
CREATE TABLE "step_cache" (
    "key" TEXT NOT NULL,
    "pipeline" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "map_key" TEXT NOT NULL,
    "output" JSONB NOT NULL,
    "size" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "step_cache_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "slots" (
    "run_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "map_key" TEXT NOT NULL,
    "pool" TEXT NOT NULL,
    "capacity" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "granted_at" TIMESTAMPTZ(3),

    CONSTRAINT "slots_pkey" PRIMARY KEY ("run_id","step_id","map_key")
);

-- CreateTable
CREATE TABLE "limits" (
    "name" TEXT NOT NULL,
    "capacity" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "limits_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "step_cache_used_at_idx" ON "step_cache"("used_at");

-- CreateIndex
CREATE INDEX "step_cache_run_id_idx" ON "step_cache"("run_id");

-- CreateIndex
CREATE INDEX "slots_pool_granted_at_idx" ON "slots"("pool", "granted_at");

-- CreateIndex
CREATE INDEX "runs_pipeline_partition_created_at_idx" ON "runs"("pipeline", "partition", "created_at" DESC);

-- CreateIndex
CREATE INDEX "runs_backfill_id_partition_idx" ON "runs"("backfill_id", "partition");

-- Runs of the version before, which knew no limits.
UPDATE "runs" SET "admitted_at" = coalesce("started_at", "created_at") WHERE "status" <> 'queued';
