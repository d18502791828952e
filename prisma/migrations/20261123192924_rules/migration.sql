-- CreateTable
CREATE TABLE "rules" (
    "id" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "types" TEXT[],
    "pipeline" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "note" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rule_groups" (
    "rule_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "deadline_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rule_groups_pkey" PRIMARY KEY ("rule_id","key")
);

-- CreateTable
CREATE TABLE "rule_evaluations" (
    "id" BIGSERIAL NOT NULL,
    "rule_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "event_sequence" BIGINT,
    "event" JSONB,
    "deadline_at" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "conditions" JSONB NOT NULL,
    "events" JSONB NOT NULL,
    "actions" JSONB NOT NULL,
    "depth" INTEGER NOT NULL,
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "rule_evaluations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "rule_groups_deadline_at_idx" ON "rule_groups"("deadline_at");

-- CreateIndex
CREATE INDEX "rule_evaluations_rule_id_id_idx" ON "rule_evaluations"("rule_id", "id" DESC);

-- CreateIndex
CREATE INDEX "rule_evaluations_retry_at_idx" ON "rule_evaluations"("retry_at");

-- CreateIndex
CREATE INDEX "rule_evaluations_at_idx" ON "rule_evaluations"("at");

-- CreateIndex
CREATE UNIQUE INDEX "rule_evaluations_rule_id_event_sequence_key_key" ON "rule_evaluations"("rule_id", "event_sequence", "key");

-- CreateIndex
CREATE UNIQUE INDEX "rule_evaluations_rule_id_key_deadline_at_key" ON "rule_evaluations"("rule_id", "key", "deadline_at");

-- AddForeignKey
ALTER TABLE "rule_groups" ADD CONSTRAINT "rule_groups_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "rules"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rule_evaluations" ADD CONSTRAINT "rule_evaluations_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "rules"("id") ON DELETE CASCADE ON UPDATE CASCADE;
