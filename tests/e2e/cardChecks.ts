/**
 * Runs inside the page: everything that is wrong with the cards as drawn, one sentence each. It must stand alone, since
 * its text is sent to the browser.
 */
export function faultsOfCards(): string[] {
  const faults: string[] = []
  const textRatio = 4.5
  const lineRatio = 3
  const smallestFont = 11

  type Colour = readonly [number, number, number, number]

  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  const colourOf = (text: string): Colour => {
    if (!pen) throw new Error('No canvas to read colours with.')
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = text
    pen.fillRect(0, 0, 1, 1)
    const [r = 0, g = 0, b = 0, a = 0] = pen.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3])
    return [mix(0), mix(1), mix(2), 1]
  }
  const luminance = (colour: Colour): number => {
    const [r, g, b] = [colour[0], colour[1], colour[2]].map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
  }
  const ratio = (one: Colour, other: Colour): number => {
    const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const backgroundOf = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1]
    const own = colourOf(getComputedStyle(element).backgroundColor)
    return own[3] === 1 ? own : over(own, backgroundOf(element.parentElement))
  }
  const token = (name: string): Colour => colourOf(getComputedStyle(document.documentElement).getPropertyValue(name))

  const checkText = (card: string, element: Element): void => {
    const style = getComputedStyle(element)
    const found = ratio(colourOf(style.color), backgroundOf(element))
    const words = element.textContent.slice(0, 30)
    if (found < textRatio) faults.push(`${card}: "${words}" has a contrast of ${found.toFixed(2)}`)
    if (Number.parseFloat(style.fontSize) < smallestFont) faults.push(`${card}: "${words}" is ${style.fontSize} small`)
    const clips = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1
    const hides = style.overflow !== 'visible' && style.display !== 'inline'
    if (clips && hides && !element.closest('[title]')) faults.push(`${card}: "${words}" is clipped without a tooltip`)
  }
  const ownText = (element: Element): boolean =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '')

  const overlaps = (a: DOMRect, b: DOMRect): boolean =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
  const intersect = (a: DOMRect, b: DOMRect): DOMRect => {
    const left = Math.max(a.left, b.left)
    const top = Math.max(a.top, b.top)
    return new DOMRect(
      left,
      top,
      Math.max(0, Math.min(a.right, b.right) - left),
      Math.max(0, Math.min(a.bottom, b.bottom) - top),
    )
  }
  /** Where an element's words can be seen: what its ancestors cut off is not there. */
  const seenBox = (element: Element): DOMRect => {
    const range = document.createRange()
    range.selectNodeContents(element)
    let box = range.getBoundingClientRect()
    for (let at: Element | null = element; at && !at.classList.contains('react-flow__node'); at = at.parentElement) {
      if (getComputedStyle(at).overflow !== 'visible') box = intersect(box, at.getBoundingClientRect())
    }
    return box
  }
  const checkOverlap = (card: string, texts: readonly Element[]): void => {
    const boxes = texts.map((element) => seenBox(element))
    boxes.forEach((box, index) => {
      boxes.slice(index + 1).forEach((other, offset) => {
        const [one, two] = [texts[index], texts[index + 1 + offset]]
        if (one && two && !one.contains(two) && !two.contains(one) && overlaps(box, other)) {
          faults.push(`${card}: "${one.textContent}" lies over "${two.textContent}"`)
        }
      })
    })
  }

  for (const card of document.querySelectorAll('.react-flow__node')) {
    const id = card.getAttribute('data-id') ?? ''
    const frame = card.getBoundingClientRect()
    const texts = [...card.querySelectorAll('*')].filter(ownText)
    for (const element of texts) checkText(id, element)
    checkOverlap(id, texts)
    for (const element of texts) {
      const box = element.getBoundingClientRect()
      if (box.left < frame.left - 1 || box.right > frame.right + 1)
        faults.push(`${id}: "${element.textContent}" sticks out`)
      if (box.bottom > frame.bottom + 1) faults.push(`${id}: "${element.textContent}" hangs out below`)
    }
  }
  const surfaces: readonly string[] = ['--canvas', '--card']
  for (const line of ['--edge', '--supply', '--accent', '--run', '--ok', '--fail', '--wait', '--human']) {
    for (const surface of surfaces) {
      const found = ratio(token(line), token(surface))
      if (found < lineRatio) faults.push(`${line} on ${surface} has a contrast of ${found.toFixed(2)}`)
    }
  }
  for (const handle of document.querySelectorAll('.react-flow__handle')) {
    const found = ratio(colourOf(getComputedStyle(handle, '::after').borderTopColor), token('--canvas'))
    if (found < lineRatio) faults.push(`a handle has a contrast of ${found.toFixed(2)}`)
  }
  return faults
}
