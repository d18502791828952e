-- A watch looks at a folder or at a prefix of an object store.
ALTER TABLE "dataset_watches" RENAME COLUMN "folder" TO "location";
