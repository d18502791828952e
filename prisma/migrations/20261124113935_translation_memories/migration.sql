-- Search within texts. The extension comes with PostgreSQL and is trusted: the owner of the database may make it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateTable
CREATE TABLE "language_resources" (
    "number" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "entries" INTEGER NOT NULL DEFAULT 0,
    "writing" INTEGER,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "language_resources_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "language_entries" (
    "row" BIGSERIAL NOT NULL,
    "resource" INTEGER NOT NULL,
    "entry" BIGINT NOT NULL,
    "key" BYTEA NOT NULL,
    "source_hash" BYTEA NOT NULL,
    "source" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "context" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "folded_source" TEXT NOT NULL,
    "folded_target" TEXT NOT NULL,
    "detail" JSONB,
    "valid_from" INTEGER NOT NULL,
    "valid_to" INTEGER NOT NULL DEFAULT 2147483647,
    "origin" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "import_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "language_entries_pkey" PRIMARY KEY ("row")
);

-- CreateTable
CREATE TABLE "language_versions" (
    "resource" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "import_id" TEXT,

    CONSTRAINT "language_versions_pkey" PRIMARY KEY ("resource","version")
);

-- CreateTable
CREATE TABLE "language_imports" (
    "id" TEXT NOT NULL,
    "resource" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "sha256" TEXT NOT NULL DEFAULT '',
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL,
    "version" INTEGER,
    "counts" JSONB NOT NULL,
    "error" TEXT,
    "by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "language_imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "language_import_faults" (
    "import_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "language_import_faults_pkey" PRIMARY KEY ("import_id","position")
);

-- CreateTable
CREATE TABLE "language_import_rows" (
    "import_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "key" BYTEA NOT NULL,
    "source_hash" BYTEA NOT NULL,
    "source" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "context" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "folded_source" TEXT NOT NULL,
    "folded_target" TEXT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "language_import_rows_pkey" PRIMARY KEY ("import_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "language_resources_kind_id_key" ON "language_resources"("kind", "id");

-- CreateIndex
CREATE INDEX "language_entries_resource_entry_valid_from_idx" ON "language_entries"("resource", "entry", "valid_from");

-- CreateIndex
CREATE INDEX "language_entries_resource_source_hash_idx" ON "language_entries"("resource", "source_hash");

-- CreateIndex
CREATE INDEX "language_entries_resource_valid_from_idx" ON "language_entries"("resource", "valid_from");

-- CreateIndex
CREATE INDEX "language_entries_resource_valid_to_idx" ON "language_entries"("resource", "valid_to");

-- CreateIndex
CREATE INDEX "language_entries_folded_source_idx" ON "language_entries" USING GIN ("folded_source" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "language_entries_folded_target_idx" ON "language_entries" USING GIN ("folded_target" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "language_entries_resource_key_valid_to_key" ON "language_entries"("resource", "key", "valid_to");

-- CreateIndex
CREATE INDEX "language_imports_resource_started_at_id_idx" ON "language_imports"("resource", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "language_import_rows_import_id_key_position_idx" ON "language_import_rows"("import_id", "key", "position");

-- AddForeignKey
ALTER TABLE "language_entries" ADD CONSTRAINT "language_entries_resource_fkey" FOREIGN KEY ("resource") REFERENCES "language_resources"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language_versions" ADD CONSTRAINT "language_versions_resource_fkey" FOREIGN KEY ("resource") REFERENCES "language_resources"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language_imports" ADD CONSTRAINT "language_imports_resource_fkey" FOREIGN KEY ("resource") REFERENCES "language_resources"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language_import_faults" ADD CONSTRAINT "language_import_faults_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "language_imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language_import_rows" ADD CONSTRAINT "language_import_rows_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "language_imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;
