-- CreateTable
CREATE TABLE "chosen_offers" (
    "market" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "rank" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "discount" DOUBLE PRECISION NOT NULL,
    "holdout" BOOLEAN NOT NULL,
    "probability" DOUBLE PRECISION NOT NULL,
    "probability_without" DOUBLE PRECISION NOT NULL,
    "price" DOUBLE PRECISION NOT NULL,
    "expected_revenue" DOUBLE PRECISION NOT NULL,
    "incremental_margin" DOUBLE PRECISION NOT NULL,
    "spend" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,

    CONSTRAINT "chosen_offers_pkey" PRIMARY KEY ("market","as_of","rank")
);

-- CreateIndex
CREATE INDEX "chosen_offers_customer_id_as_of_idx" ON "chosen_offers"("customer_id", "as_of" DESC);
