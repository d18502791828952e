-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "pipeline" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "trigger" JSONB NOT NULL,
    "idempotency_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "error" JSONB,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "step_runs" (
    "run_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "map_key" TEXT NOT NULL DEFAULT '',
    "position" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "progress" JSONB,
    "metrics" JSONB NOT NULL DEFAULT '{}',
    "output" JSONB,
    "error" JSONB,
    "reason" TEXT,

    CONSTRAINT "step_runs_pkey" PRIMARY KEY ("run_id","step_id","map_key")
);

-- CreateTable
CREATE TABLE "step_attempts" (
    "run_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "map_key" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "worker" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "error" JSONB,

    CONSTRAINT "step_attempts_pkey" PRIMARY KEY ("run_id","step_id","map_key","attempt")
);

-- CreateTable
CREATE TABLE "step_logs" (
    "id" BIGSERIAL NOT NULL,
    "run_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "map_key" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "level" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "step_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_events" (
    "id" BIGSERIAL NOT NULL,
    "run_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "run_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_versions" (
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "format_version" INTEGER NOT NULL,
    "artifact" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "metrics" JSONB NOT NULL,
    "lineage" JSONB NOT NULL,
    "run_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_aliases" (
    "model" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "model_aliases_pkey" PRIMARY KEY ("model","alias")
);

-- CreateTable
CREATE TABLE "model_alias_changes" (
    "id" BIGSERIAL NOT NULL,
    "model" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "model_alias_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decisions" (
    "id" TEXT NOT NULL,
    "pipeline" TEXT NOT NULL,
    "run_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "verdict" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "reasons" JSONB NOT NULL,
    "inputs" JSONB NOT NULL,
    "policy" JSONB NOT NULL,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offer_predictions" (
    "market" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "run_id" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "products" JSONB NOT NULL,

    CONSTRAINT "offer_predictions_pkey" PRIMARY KEY ("market","as_of","customer_id")
);

-- CreateTable
CREATE TABLE "kpis" (
    "pipeline" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "name" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "run_id" TEXT NOT NULL,

    CONSTRAINT "kpis_pkey" PRIMARY KEY ("pipeline","market","date","name")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "runs_created_at_id_idx" ON "runs"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_pipeline_created_at_idx" ON "runs"("pipeline", "created_at" DESC);

-- CreateIndex
CREATE INDEX "runs_status_created_at_idx" ON "runs"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "runs_pipeline_idempotency_key_key" ON "runs"("pipeline", "idempotency_key");

-- CreateIndex
CREATE INDEX "step_logs_run_id_id_idx" ON "step_logs"("run_id", "id");

-- CreateIndex
CREATE INDEX "run_events_run_id_id_idx" ON "run_events"("run_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "model_versions_model_version_key" ON "model_versions"("model", "version");

-- CreateIndex
CREATE UNIQUE INDEX "model_versions_model_run_id_sha256_key" ON "model_versions"("model", "run_id", "sha256");

-- CreateIndex
CREATE INDEX "model_alias_changes_model_alias_id_idx" ON "model_alias_changes"("model", "alias", "id" DESC);

-- CreateIndex
CREATE INDEX "decisions_pipeline_at_id_idx" ON "decisions"("pipeline", "at" DESC, "id");

-- CreateIndex
CREATE INDEX "offer_predictions_customer_id_as_of_idx" ON "offer_predictions"("customer_id", "as_of" DESC);

-- CreateIndex
CREATE INDEX "kpis_pipeline_name_date_idx" ON "kpis"("pipeline", "name", "date" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "audit_log_at_idx" ON "audit_log"("at");

-- AddForeignKey
ALTER TABLE "step_runs" ADD CONSTRAINT "step_runs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step_attempts" ADD CONSTRAINT "step_attempts_run_id_step_id_map_key_fkey" FOREIGN KEY ("run_id", "step_id", "map_key") REFERENCES "step_runs"("run_id", "step_id", "map_key") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "step_logs" ADD CONSTRAINT "step_logs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
