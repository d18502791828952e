import { type LookupAddress, type LookupOptions, lookup as lookupName } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Where clouds hand credentials to their machines. Nobody keeps sales there. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
linkLocal.addAddress('100.100.100.200', 'ipv4');

/** Addresses that the internet does not reach. */
const inner = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inner.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inner.addSubnet(net, bits, 'ipv6');

/** Thrown by a look-up; the message says what was refused. */
export class AddressRefused extends Error {}

/**
 * Looks whether an address may be asked. `inner`: whether machines of one's own network may, which somebody named; a
 * redirect to one may not.
 */
export function refusalOf(address: string, allowed: { inner: boolean }): string | undefined {
  // IPv4 within IPv6, as the operating system would unpack it.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const ip = mapped ?? address;
  const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
  if (linkLocal.check(ip, family)) return `${address} is an address that clouds keep credentials at`;
  return !allowed.inner && inner.check(ip, family) ? `${address} is an address of an inner network` : undefined;
}

/** A look-up of names for sockets that fails with {@link AddressRefused}, at the moment of connecting. */
export function guardedLookup(allowed: { inner: boolean }) {
  return (
    hostname: string,
    options: LookupOptions,
    callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    lookupName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      for (const { address } of addresses) {
        const refusal = refusalOf(address, allowed);
        if (refusal) return callback(new AddressRefused(`${hostname}: ${refusal}`), []);
      }
      const [first] = addresses;
      return options.all ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family);
    });
  };
}
