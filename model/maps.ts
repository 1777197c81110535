/** Maps by id. Those of parsed flows have no prototype; these functions never look at one, wherever a map comes from. */

/** A new map without prototype. */
export function emptyMap<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>
}

/** The entry of a map, never something every object inherits (`constructor`). */
export function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map && Object.hasOwn(map, key) ? map[key] : undefined
}

/** Copies a map into one without prototype. */
export function copyMap<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(emptyMap<T>(), map)
}

/** The entries of a map that a test keeps; the same map where it keeps all. */
export function filterMap<T>(
  map: Readonly<Record<string, T>>,
  keep: (key: string) => boolean,
): Readonly<Record<string, T>> {
  const kept = Object.keys(map).filter(keep)
  if (kept.length === Object.keys(map).length) return map
  const result = emptyMap<T>()
  for (const key of kept) {
    const value = map[key]
    if (value !== undefined) result[key] = value
  }
  return result
}
