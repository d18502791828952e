-- AlterTable
ALTER TABLE "documents" ADD COLUMN     "expired_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "document_files" (
    "id" TEXT NOT NULL,
    "remove_after" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "document_files_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "document_files_remove_after_idx" ON "document_files"("remove_after");

-- CreateIndex
CREATE INDEX "documents_expired_at_created_at_idx" ON "documents"("expired_at", "created_at");
