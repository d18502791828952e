import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';

/** Encrypts what has to be read again, such as the secrets of webhooks: AES-256-GCM. */
export interface Vault {
  /** `place` says where the text is kept; what was sealed for one place opens at no other. */
  seal(text: string, place: string): string;
  open(sealed: string, place: string): string;
}

const algorithm = 'aes-256-gcm';
const version = 'v1';

/** @param key 32 bytes; without it both methods throw CONFIG_INVALID. */
export function openVault(key: Buffer | undefined): Vault {
  const keyOf = (): Buffer => {
    if (key) return key;
    throw new PerennialError('CONFIG_INVALID', 'PERENNIAL_SECRET_KEY is not set: secrets cannot be kept.', {
      remedy: 'Set it, the same for every process, for example to what `openssl rand -base64 32` prints.',
    });
  };
  return {
    seal(text, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv(algorithm, keyOf(), iv).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [version, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed, place) {
      const secret = keyOf();
      try {
        const [found, iv = '', tag = '', text = ''] = sealed.split('.');
        if (found !== version) throw new Error(`unknown version ${found}`);
        const decipher = createDecipheriv(algorithm, secret, Buffer.from(iv, 'base64url'), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(place)).setAuthTag(Buffer.from(tag, 'base64url'));
        return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new PerennialError('CONFIG_INVALID', `The secret of ${place} does not open with PERENNIAL_SECRET_KEY.`, {
          remedy:
            'Set the key it was stored with, or give it a new secret (`perennial webhooks rotate`, `perennial channels change`).',
          cause: error,
        });
      }
    },
  };
}
