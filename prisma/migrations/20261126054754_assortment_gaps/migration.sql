-- CreateTable
CREATE TABLE "assortment_gaps" (
    "market" TEXT NOT NULL,
    "as_of" DATE NOT NULL,
    "rank" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "product_id" TEXT,
    "name" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "yearly_value" DOUBLE PRECISION,
    "expected_value" DOUBLE PRECISION,
    "comparables" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "assortment_gaps_pkey" PRIMARY KEY ("market","as_of","rank")
);

-- CreateIndex
CREATE INDEX "assortment_gaps_customer_id_as_of_idx" ON "assortment_gaps"("customer_id", "as_of" DESC);
