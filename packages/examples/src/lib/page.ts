/** One HTML page that needs nothing beside itself: no network, no script; light or dark as the reader's system is. */
import { escapeXml } from './frame.ts'

/** A piece of a page: what `text`, `figure`, `table`, `code` and `row` return. */
export interface Block {
  readonly html: string
}

export interface Section {
  readonly heading: string
  readonly blocks: readonly Block[]
}

/** A paragraph of plain text. */
export const text = (words: string): Block => ({ html: `<p>${escapeXml(words)}</p>` })

/** A picture (an SVG as a string) with a line that says what it shows. */
export const figure = (svg: string, caption: string): Block => ({
  html: `<figure><div class="scroll">${svg}</div><figcaption>${escapeXml(caption)}</figcaption></figure>`,
})

/** Lines as the terminal shows them. */
export const code = (lines: string | readonly string[]): Block => ({
  html: `<pre>${escapeXml(typeof lines === 'string' ? lines : lines.join('\n'))}</pre>`,
})

/** A table; a number stands to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Block {
  const cell = (x: string | number): string =>
    typeof x === 'number' ? `<td class="number">${x}</td>` : `<td>${escapeXml(x)}</td>`
  const top = head.map((name) => `<th>${escapeXml(name)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return { html: `<div class="scroll"><table><thead><tr>${top}</tr></thead><tbody>${body}</tbody></table></div>` }
}

/** Blocks side by side where there is room for it, else below one another. */
export const row = (...blocks: readonly Block[]): Block => ({
  html: `<div class="row">${blocks.map((block) => block.html).join('\n')}</div>`,
})

const style = `
:root { color-scheme: light dark; --ink: #24292f; --ground: #f6f7f9; --card: #ffffff; --line: #d9dee4; --quiet: #5b646e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d7dde4; --ground: #0d1117; --card: #161b22; --line: #30363d; --quiet: #98a2ad }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1080px; padding: 24px 16px 64px; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 8px }
h2 { font-size: 1.2rem; margin: 40px 0 8px }
p { max-width: 44em; margin: 8px 0 }
figure { margin: 12px 0; padding: 8px; background: var(--card); border: 1px solid var(--line); border-radius: 8px }
figcaption { color: var(--quiet); font-size: 0.9rem; padding: 6px 8px 2px }
.scroll { overflow-x: auto }
.scroll > svg { display: block; margin: 0 auto }
.figure { min-width: 420px }
.graph { background: #ffffff; border-radius: 4px }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 12px; align-items: start;
  margin: 12px 0 }
.row figure { margin: 0 }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap }
.number { text-align: right }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto;
  font: 13px/1.45 ui-monospace, monospace }`

/**
 * The page as one HTML file.
 *
 * @example page('Iris', 'A network of 16 units.', [{ heading: 'Loss', blocks: [figure(svg, 'It falls.')] }])
 */
export function page(title: string, intro: string, sections: readonly Section[]): string {
  const parts = sections.map(
    ({ heading, blocks }) =>
      `<section>\n<h2>${escapeXml(heading)}</h2>\n${blocks.map((b) => b.html).join('\n')}\n</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${style}
</style>
</head>
<body>
<h1>${escapeXml(title)}</h1>
${text(intro).html}
${parts.join('\n')}
</body>
</html>
`
}
