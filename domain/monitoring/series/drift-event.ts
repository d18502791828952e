import { type CloudEvent, type DriftDetectedData, eventTypes } from '../../../contracts/events.ts';

/**
 * The event that a window has drifted from what a version knows: once for a version and window.
 *
 * @param subject what has drifted, such as a dataset.
 * @param at end of the window; ISO 8601.
 */
export function driftEvent(data: DriftDetectedData, subject: string, at: string): CloudEvent {
  const { pipeline, model, version } = data;
  return {
    specversion: '1.0',
    source: `/pipelines/${pipeline}`,
    id: `drift/${model}/${version}/${at.slice(0, 10)}`,
    type: eventTypes.driftDetected,
    subject,
    time: at,
    datacontenttype: 'application/json',
    data: { ...data },
  };
}
