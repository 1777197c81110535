import ipaddr from 'ipaddr.js'

/**
 * What may be connected to. `refused`: never, by nobody (link-local, cloud metadata, multicast). `private`: this
 * machine and the networks behind it, by consent only. SECURITY.md of the project, "internal network".
 */
export type AddressClass = 'public' | 'private' | 'refused'

/**
 * Metadata and control services of clouds that lie outside the link-local range: Alibaba, Oracle, Azure, AWS over IPv6.
 * 169.254.169.254, the common one, is link-local and refused as such.
 */
const metadataAddresses = new Set(['100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254'])

const privateRanges = new Set([
  'private',
  'loopback',
  'uniqueLocal',
  'carrierGradeNat',
  'unspecified',
  'reserved',
  'benchmarking',
])

/** Classes an IP address, whatever its notation; what hides an IPv4 address inside IPv6 is judged by that address. */
export function classifyAddress(address: string): AddressClass {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (!ipaddr.isValid(bare)) return 'refused'
  const parsed = ipaddr.process(bare)
  if (metadataAddresses.has(parsed.toString())) return 'refused'
  if (parsed instanceof ipaddr.IPv6) {
    const inner = embeddedIPv4(parsed)
    if (inner !== undefined) return classifyAddress(inner)
  }
  const range = parsed.range()
  if (range === 'unicast') return 'public'
  return privateRanges.has(range) ? 'private' : 'refused'
}

/**
 * The IPv4 address that a 6to4 (2002::/16, RFC 3056), NAT64 (64:ff9b::/96, RFC 6052), IPv4-translated (RFC 6145) or
 * IPv4-compatible (::/96) address leads to. Other uses of the NAT64 prefix stay in their own range, which is refused.
 */
function embeddedIPv4(address: ipaddr.IPv6): string | undefined {
  const bytes = address.toByteArray()
  if (address.range() === '6to4') return bytes.slice(2, 6).join('.')
  const isPadded = bytes.slice(4, 12).every((byte) => byte === 0)
  if (address.range() === 'rfc6145' || (address.range() === 'rfc6052' && isPadded)) return bytes.slice(12).join('.')
  const isCompatible =
    isPadded && bytes.slice(0, 4).every((byte) => byte === 0) && bytes.slice(12, 14).some((byte) => byte !== 0)
  return isCompatible ? bytes.slice(12).join('.') : undefined
}
