-- CreateTable
CREATE TABLE "schedule_faults" (
    "schedule_id" TEXT NOT NULL,
    "scheduled_at" TIMESTAMPTZ(3) NOT NULL,
    "error" JSONB NOT NULL,

    CONSTRAINT "schedule_faults_pkey" PRIMARY KEY ("schedule_id","scheduled_at")
);

-- CreateTable
CREATE TABLE "backfills" (
    "id" TEXT NOT NULL,
    "pipeline" TEXT NOT NULL,
    "from" DATE NOT NULL,
    "to" DATE NOT NULL,
    "keys" TEXT[],
    "mode" TEXT NOT NULL,
    "order" TEXT NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "params" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "active_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "backfills_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backfill_partitions" (
    "backfill_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "partition" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "run_id" TEXT,
    "reason" TEXT,

    CONSTRAINT "backfill_partitions_pkey" PRIMARY KEY ("backfill_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "backfills_active_key_key" ON "backfills"("active_key");

-- CreateIndex
CREATE INDEX "backfills_created_at_id_idx" ON "backfills"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "backfills_status_created_at_idx" ON "backfills"("status", "created_at");

-- AddForeignKey
ALTER TABLE "backfill_partitions" ADD CONSTRAINT "backfill_partitions_backfill_id_fkey" FOREIGN KEY ("backfill_id") REFERENCES "backfills"("id") ON DELETE CASCADE ON UPDATE CASCADE;
