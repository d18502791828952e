export { createChannelService } from './channel-service.ts';
export { createMessageSender, messageAttempts } from './deliver.ts';
