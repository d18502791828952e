-- CreateTable
CREATE TABLE "deadlines" (
    "id" TEXT NOT NULL,
    "pipeline" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "origin" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deadlines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deadline_states" (
    "deadline_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "status" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "expected_at" TIMESTAMPTZ(3),
    "run_id" TEXT,
    "reason" TEXT NOT NULL,
    "warned_at" TIMESTAMPTZ(3),
    "missed_at" TIMESTAMPTZ(3),
    "met_at" TIMESTAMPTZ(3),
    "late_seconds" DOUBLE PRECISION,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "deadline_states_pkey" PRIMARY KEY ("deadline_id","day")
);

-- CreateIndex
CREATE INDEX "deadline_states_due_at_idx" ON "deadline_states"("due_at");

-- CreateIndex
CREATE INDEX "runs_pipeline_finished_at_idx" ON "runs"("pipeline", "finished_at");

-- AddForeignKey
ALTER TABLE "deadline_states" ADD CONSTRAINT "deadline_states_deadline_id_fkey" FOREIGN KEY ("deadline_id") REFERENCES "deadlines"("id") ON DELETE CASCADE ON UPDATE CASCADE;
