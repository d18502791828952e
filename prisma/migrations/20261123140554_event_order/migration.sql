-- AlterTable
ALTER TABLE "run_events" ADD COLUMN     "tx" xid8 NOT NULL DEFAULT pg_current_xact_id();
