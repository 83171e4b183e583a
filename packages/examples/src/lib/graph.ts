/** The computation graph of a Value as a picture: Graphviz, compiled to WebAssembly, lays out what toDot describes. */
import type { Value } from '@adjoint/autograd'
import { type DotOptions, toDot } from '@adjoint/autograd/inspect'
import { instance } from '@viz-js/viz'

/**
 * Draws the graph behind a Value, with every label, value and gradient, as one self-contained SVG file.
 *
 * @example await graphSvg(value(2, { label: 'a' }).mul(3))
 */
export async function graphSvg(y: Value, options: DotOptions = {}): Promise<string> {
  const viz = await instance()
  // In a monospaced font the boxes fit their texts on every machine: all such letters are 0.6 of the size wide.
  const dot = toDot(y, options).replace(/fontname="[^"]*"/, 'fontname="Courier"')
  return standAlone(viz.renderString(dot, { format: 'svg' }))
}

/**
 * Graphviz writes a whole XML document with numbered ids, which would repeat on a page with two graphs: both go. A wide
 * graph shrinks to its page, but not below four fifths, where its texts are still readable.
 */
function standAlone(svg: string): string {
  const width = Number(/width="([\d.]+)pt"/.exec(svg)?.[1])
  const style = `min-width: ${Math.round(0.8 * width)}px; max-width: 100%; height: auto`
  return svg
    .slice(svg.indexOf('<svg'))
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/font-family="[^"]*"/g, 'font-family="ui-monospace, Menlo, monospace"')
    .replace(/ id="[^"]*"/g, '')
    .replace(/(width|height)="([\d.]+)pt"/g, '$1="$2"')
    .replace('<svg', `<svg class="graph" role="img" style="${style}"`)
}
