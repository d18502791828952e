-- Tells processes what has changed (storage/postgres/changes.ts): the topic and the id, with a blank between.
-- What applies migrations takes every semicolon for the end of a statement: those of the bodies are written \x3B.
-- Arguments: topic, and column of the id.
CREATE FUNCTION perennial_tell_change() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
    row_data jsonb := CASE WHEN TG_OP = ''DELETE'' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END\x3B
BEGIN
    -- A payload of 8,000 bytes or more is an error, and would undo what is written.
    PERFORM pg_notify(''perennial_change'', TG_ARGV[0] || '' '' || left(coalesce(row_data->>TG_ARGV[1], ''''), 1000))\x3B
    RETURN NULL\x3B
END ';

-- Of statements that may write many rows: the topic alone.
CREATE FUNCTION perennial_tell_topic() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
    PERFORM pg_notify(''perennial_change'', TG_ARGV[0] || '' '')\x3B
    RETURN NULL\x3B
END ';

-- Schedules are kept by Temporal: what people do to them is in the audit log.
CREATE FUNCTION perennial_tell_audit() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
    PERFORM pg_notify(''perennial_change'', ''audit '')\x3B
    IF NEW.action LIKE ''schedule.%'' THEN
        PERFORM pg_notify(''perennial_change'', ''schedules '' || left(NEW.subject, 1000))\x3B
    END IF\x3B
    RETURN NULL\x3B
END ';

CREATE FUNCTION perennial_tell_language() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
    row_data jsonb := CASE WHEN TG_OP = ''DELETE'' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END\x3B
BEGIN
    PERFORM pg_notify(''perennial_change'',
        CASE row_data->>''kind'' WHEN ''memory'' THEN ''memories '' ELSE ''glossaries '' END || left(row_data->>''id'', 1000))\x3B
    RETURN NULL\x3B
END ';

CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON alerts FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('alerts', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON alert_definitions FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('alerts', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON rollouts FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('rollouts', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('decisions', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON decision_overrides FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('decisions', 'decision_id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON retraining_policies FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('policies', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON rules FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('rules', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON rule_evaluations FOR EACH ROW
    WHEN (NEW.outcome <> 'ignored')
    EXECUTE FUNCTION perennial_tell_change('rules', 'rule_id');
CREATE TRIGGER tell_change AFTER INSERT ON schedule_faults FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('schedules', 'schedule_id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON model_versions FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('models', 'model');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON model_aliases FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('models', 'model');
CREATE TRIGGER tell_change AFTER INSERT ON serving_configurations FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('models', 'model');
CREATE TRIGGER tell_change AFTER INSERT ON traffic FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('traffic', 'model');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON deadlines FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('deadlines', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON deadline_states FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('deadlines', 'deadline_id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON backfills FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('backfills', 'id');
CREATE TRIGGER tell_change AFTER UPDATE ON backfill_partitions FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('backfills', 'backfill_id');
-- Transactions that tell something commit one after another: not each attempt to deliver an event is told, but that it came, and
-- that it became a dead letter or is none any more.
CREATE TRIGGER tell_change AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION perennial_tell_topic('events');
CREATE TRIGGER tell_dead AFTER UPDATE ON events FOR EACH ROW
    WHEN (OLD.failed_at IS DISTINCT FROM NEW.failed_at)
    EXECUTE FUNCTION perennial_tell_change('events', 'sequence');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE ON notifications FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('notifications', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON channels FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('channels', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON silences FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('silences', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('documents', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON language_resources FOR EACH ROW EXECUTE FUNCTION perennial_tell_language();
CREATE TRIGGER tell_change AFTER INSERT OR DELETE ON worker_processes FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('workers', 'id');
-- Not of signs of life.
CREATE TRIGGER tell_end AFTER UPDATE ON worker_processes FOR EACH ROW
    WHEN (OLD.stopped_at IS DISTINCT FROM NEW.stopped_at OR OLD.started_at IS DISTINCT FROM NEW.started_at)
    EXECUTE FUNCTION perennial_tell_change('workers', 'id');
CREATE TRIGGER tell_change AFTER INSERT OR UPDATE OR DELETE ON limits FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('limits', 'name');
CREATE TRIGGER tell_change AFTER INSERT OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION perennial_tell_change('keys', 'id');
CREATE TRIGGER tell_end AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at)
    EXECUTE FUNCTION perennial_tell_change('keys', 'id');
CREATE TRIGGER tell_change AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION perennial_tell_audit();
