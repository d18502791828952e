-- AlterTable
ALTER TABLE "model_alias_changes" ADD COLUMN     "decision_id" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'set',
ADD COLUMN     "run_id" TEXT;

-- AlterTable
ALTER TABLE "model_versions" ADD COLUMN     "facts" JSONB,
ADD COLUMN     "deleted_at" TIMESTAMPTZ(3),
ADD COLUMN     "deleted_by" TEXT,
ADD COLUMN     "deleted_reason" TEXT,
ADD COLUMN     "description" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "files" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "files_removed_at" TIMESTAMPTZ(3),
ADD COLUMN     "labels" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "signature" JSONB;

-- CreateIndex
CREATE INDEX "model_versions_created_at_idx" ON "model_versions"("created_at");
