-- How looking at a watched place went last.
ALTER TABLE "dataset_watches" ADD COLUMN "looked_at" TIMESTAMPTZ(3), ADD COLUMN "error" JSONB;
