-- AlterTable
ALTER TABLE "decisions" ADD COLUMN     "alert" JSONB,
ADD COLUMN     "day" DATE,
ADD COLUMN     "model" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "occasion" JSONB NOT NULL DEFAULT '{"kind": "run", "ref": ""}',
ADD COLUMN     "outcome" TEXT,
ADD COLUMN     "outcome_why" TEXT,
ADD COLUMN     "rollout" TEXT,
ADD COLUMN     "settled_at" TIMESTAMPTZ(3),
ADD COLUMN     "training_run_id" TEXT,
ADD COLUMN     "version" INTEGER;

-- CreateTable
CREATE TABLE "decision_overrides" (
    "id" TEXT NOT NULL,
    "decision_id" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_key" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "decision_overrides_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retraining_policies" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retraining_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retraining_policy_versions" (
    "policy" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retraining_policy_versions_pkey" PRIMARY KEY ("policy","version")
);

-- CreateIndex
CREATE INDEX "decision_overrides_decision_id_requested_at_idx" ON "decision_overrides"("decision_id", "requested_at");

-- CreateIndex
CREATE UNIQUE INDEX "decisions_training_run_id_key" ON "decisions"("training_run_id");

-- CreateIndex
CREATE INDEX "decisions_model_at_idx" ON "decisions"("model", "at" DESC);

-- AddForeignKey
ALTER TABLE "decision_overrides" ADD CONSTRAINT "decision_overrides_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decisions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A decision with what became of it, as people and programs read it.
CREATE VIEW "decisions_shown" AS
SELECT
    d.id, d.pipeline, d.model, d.run_id, d.at, d.verdict, d.summary, d.reasons, d.inputs, d.policy, d.occasion, d.alert,
    d.training_run_id, d.outcome, d.outcome_why, d.rollout,
    coalesce(d.day, (d.at AT TIME ZONE 'UTC')::date) AS day,
    to_char(coalesce(d.day, (d.at AT TIME ZONE 'UTC')::date), 'YYYY-MM-DD') AS day_text,
    coalesce(o.effective, d.verdict) AS effective,
    coalesce(o.overrides, '[]'::jsonb) AS overrides,
    r.status AS run_status,
    CASE WHEN r.status IN ('failed', 'cancelled') THEN r.error END AS run_error,
    extract(epoch FROM r.finished_at - r.started_at)::float8 / 3600 AS run_hours,
    v.version AS made_version,
    p.promoted_at
FROM decisions d
LEFT JOIN runs r ON r.id = d.training_run_id
LEFT JOIN LATERAL (
    SELECT version FROM model_versions m WHERE m.model = d.model AND m.run_id = d.training_run_id ORDER BY version DESC LIMIT 1
) v ON true
LEFT JOIN LATERAL (
    SELECT min(at) AS promoted_at FROM model_alias_changes c
    WHERE c.model = d.model AND c.alias = 'champion' AND c.version = v.version
) p ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(x) ORDER BY x.requested_at) AS overrides,
        (array_agg(x.verdict ORDER BY x.decided_at DESC) FILTER (WHERE x.status = 'approved'))[1] AS effective
    FROM decision_overrides x WHERE x.decision_id = d.id
) o ON true;
