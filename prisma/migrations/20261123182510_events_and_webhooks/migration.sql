-- CreateTable
CREATE TABLE "events" (
    "sequence" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "datacontenttype" TEXT,
    "dataschema" TEXT,
    "data" JSONB,
    "extensions" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "queued_at" TIMESTAMPTZ(3),
    "processed_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failed_at" TIMESTAMPTZ(3),
    "error" JSONB,

    CONSTRAINT "events_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "webhook_sources" (
    "id" TEXT NOT NULL,
    "scheme" TEXT NOT NULL,
    "event_type" TEXT,
    "tolerance_seconds" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "starts" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_secrets" (
    "id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_watches" (
    "id" TEXT NOT NULL,
    "folder" TEXT NOT NULL,
    "pattern" TEXT,
    "settle_seconds" INTEGER NOT NULL,
    "marker_only" BOOLEAN NOT NULL,
    "scan_seconds" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_watches_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "events_type_sequence_idx" ON "events"("type", "sequence");

-- CreateIndex
CREATE INDEX "events_processed_at_failed_at_sequence_idx" ON "events"("processed_at", "failed_at", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "events_source_id_key" ON "events"("source", "id");

-- CreateIndex
CREATE INDEX "webhook_secrets_source_id_created_at_idx" ON "webhook_secrets"("source_id", "created_at");

-- AddForeignKey
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "webhook_sources"("id") ON DELETE CASCADE ON UPDATE CASCADE;
