-- CreateTable
CREATE TABLE "serving_replicas" (
    "id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "graphs" TEXT[],
    "key" BYTEA NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "serving_replicas_pkey" PRIMARY KEY ("id")
);
