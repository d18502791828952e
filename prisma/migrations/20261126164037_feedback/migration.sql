-- translation_predictions has a partition a day, made and dropped by storage/postgres/time-partitions.ts.
-- CreateTable
CREATE TABLE "translation_predictions" (
    "request_id" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "served" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "caller" TEXT NOT NULL,
    "source_language" TEXT NOT NULL,
    "target_language" TEXT NOT NULL,
    "model" TEXT,
    "model_version" INTEGER,
    "rollout_id" TEXT,
    "side" TEXT,
    "source" TEXT NOT NULL,
    "source_hash" BYTEA NOT NULL,
    "answer" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "terms" JSONB NOT NULL,

    CONSTRAINT "translation_predictions_pkey" PRIMARY KEY ("request_id","place","served","at")
) PARTITION BY RANGE ("at");

-- CreateTable
CREATE TABLE "feedback" (
    "id" TEXT NOT NULL,
    "request_id" TEXT,
    "place" INTEGER,
    "source_language" TEXT,
    "target_language" TEXT,
    "source" TEXT,
    "correction" TEXT NOT NULL,
    "memory" TEXT,
    "detail" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "entry" BIGINT,
    "fault" TEXT,
    "joined_at" TIMESTAMPTZ(3),
    "predicted_at" TIMESTAMPTZ(3),
    "model" TEXT,
    "model_version" INTEGER,
    "origin" TEXT,
    "answer" TEXT,
    "chrf" DOUBLE PRECISION,
    "edit_rate" DOUBLE PRECISION,
    "untouched" BOOLEAN,
    "rollout_id" TEXT,
    "side" TEXT,
    "label" TEXT,
    "base_score" DOUBLE PRECISION,
    "candidate_score" DOUBLE PRECISION,

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offer_outcomes" (
    "id" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "date" DATE NOT NULL,
    "discount" DOUBLE PRECISION NOT NULL,
    "sale" BOOLEAN NOT NULL,
    "holdout" BOOLEAN NOT NULL,
    "origin" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "as_of" DATE,
    "rank" INTEGER,
    "model_version" INTEGER,
    "probability" DOUBLE PRECISION,
    "joined_at" TIMESTAMPTZ(3),

    CONSTRAINT "offer_outcomes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "translation_predictions_source_hash_idx" ON "translation_predictions"("source_hash");

-- CreateIndex
CREATE INDEX "feedback_request_id_place_idx" ON "feedback"("request_id", "place");

-- CreateIndex
CREATE INDEX "feedback_joined_at_at_idx" ON "feedback"("joined_at", "at");

-- CreateIndex
CREATE INDEX "feedback_model_predicted_at_idx" ON "feedback"("model", "predicted_at");

-- CreateIndex
CREATE INDEX "feedback_rollout_id_label_side_idx" ON "feedback"("rollout_id", "label", "side");

-- CreateIndex
CREATE INDEX "feedback_at_idx" ON "feedback"("at");

-- CreateIndex
CREATE INDEX "offer_outcomes_customer_id_product_id_date_idx" ON "offer_outcomes"("customer_id", "product_id", "date");

-- CreateIndex
CREATE INDEX "offer_outcomes_market_date_idx" ON "offer_outcomes"("market", "date");

-- CreateIndex
CREATE INDEX "offer_outcomes_joined_at_date_idx" ON "offer_outcomes"("joined_at", "date");
