/** Names that a JSON object gives twice, which JSON.parse passes over in silence. */

/**
 * The first name that comes twice in one object, at any depth.
 * @param json A text that JSON.parse accepts.
 */
export function repeatedKey(json: string): string | undefined {
  /** The names so far of each object that is open; undefined for a list. */
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < json.length; at++) {
    const c = json[at]
    if (c === '{') open.push(new Set())
    else if (c === '[') open.push(undefined)
    else if (c === '}' || c === ']') open.pop()
    else if (c === '"') {
      const end = stringEnd(json, at)
      const names = open.at(-1)
      if (names !== undefined && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string
        if (names.has(key)) return key
        names.add(key)
      }
      at = end - 1
    }
  }
  return undefined
}

/** The place after the quote that closes the string. */
function stringEnd(json: string, start: number): number {
  let at = start + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

/** A string is a key when a colon follows. */
function isKey(json: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(json[at] ?? '.')) at++
  return json[at] === ':'
}
