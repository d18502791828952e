-- Documents that are translated as a whole.
CREATE TABLE "documents" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "source" TEXT,
    "target" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "input" JSONB NOT NULL,
    "result" JSONB,
    "characters" INTEGER,
    "evidence" JSONB,
    "run_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "documents_created_at_id_idx" ON "documents"("created_at" DESC, "id" DESC);
CREATE INDEX "documents_owner_created_at_idx" ON "documents"("owner", "created_at" DESC);
