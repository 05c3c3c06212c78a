// Looks at the page that is open as a reader does, and returns what is wrong: [{check, element, box, message, text}].
// Boxes are in pixels from the upper left corner of the page. Evaluated by screen_reading.py with its thresholds.
(limits, isPaged) => {
  const found = [];
  const root = document.documentElement;
  const screen = root.clientWidth;
  const style = new Map();
  const styleOf = (element) => {
    if (!style.has(element)) style.set(element, getComputedStyle(element));
    return style.get(element);
  };
  const path = (element) => {
    const name = element.localName + (element.id ? '#' + element.id : '') +
      [...element.classList].map((one) => '.' + one).join('');
    const parent = element.parentElement;
    return parent && parent !== document.body && parent !== root && !element.id ? path(parent) + ' > ' + name : name;
  };
  const onPage = (box) => [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
  const report = (check, element, box, message, text) => {
    if (found.some((one) => one.check === check && one.of === element)) return;
    found.push({check, of: element, element: path(element), box: onPage(box), message, text: (text || '').trim().slice(0, 80)});
  };
  const quoted = (text) => "'" + (text.trim().length > 28 ? text.trim().slice(0, 27) + '…' : text.trim()) + "'";
  const ancestors = function* (element) {
    for (let one = element; one; one = one.parentElement) yield one;
  };
  const isShown = (element) => {
    for (const one of ancestors(element)) {
      const css = styleOf(one);
      if (css.visibility === 'hidden' || css.display === 'none' || css.opacity === '0') return false;
      // Words for screen readers alone are put into a box of a pixel.
      if (css.position === 'absolute' && one.offsetWidth <= 1 && one.offsetHeight <= 1) return false;
    }
    return true;
  };
  const clips = (css, way) => ['hidden', 'clip'].includes(css['overflow' + way]);
  const scrolls = (css, way) => ['auto', 'scroll'].includes(css['overflow' + way]);
  // The ancestors that can clip an element: those up from it, but for absolute elements none below their containing block.
  const frames = function* (element) {
    let isFree = false;
    for (const one of ancestors(element)) {
      if (one === document.body || one === root) return;
      const css = styleOf(one);
      if (!(isFree && css.position === 'static')) yield [one, css];
      if (css.position === 'absolute') isFree = true;
      else if (css.position === 'fixed') return;
      else if (css.position !== 'static') isFree = false;
    }
  };

  // The words and pictures of the page, with their boxes.
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!/[^\s\p{Cf}\p{Cc}]/u.test(node.data) || element.closest('script, style, noscript, template, svg, annotation, rp')) continue;
    if (!isShown(element)) continue;
    // Spaces of code hang invisibly at the ends of its lines, so that its words alone are seen.
    const range = document.createRange();
    const parts = styleOf(element).whiteSpace.startsWith('pre') ? [...node.data.matchAll(/\S+/g)] : [];
    const boxes = (parts.length ? parts.map((part) => [part.index, part.index + part[0].length]) : [[0, node.length]]).flatMap(([start, end]) => {
      range.setStart(node, start);
      range.setEnd(node, end);
      return [...range.getClientRects()];
    }).filter((box) => box.width > 0.5 && box.height > 0.5);
    if (boxes.length) words.push({node, element, boxes, text: node.data, isMath: Boolean(element.closest('math'))});
    else if (styleOf(element).fontSize !== '0px') report('cut off', element, element.getBoundingClientRect(), quoted(node.data) + ' has no room at all', node.data);
    else report('small type', element, element.getBoundingClientRect(), quoted(node.data) + ' is set in 0 px', node.data);
  }
  const pictures = [...document.querySelectorAll('img, svg, math, canvas, video, iframe')]
    .filter((one) => isShown(one) && !one.parentElement.closest('svg, math'))
    .map((element) => ({element, box: element.getBoundingClientRect()}));
  const tables = [...document.querySelectorAll('table, pre, hr')]
    .filter(isShown).map((element) => ({element, box: element.getBoundingClientRect()}));

  // Wider than the screen, cut off, and out of its frame.
  const judge = (element, box, name, text, own) => {
    let isScrolled = false;
    for (const [frame, css] of frames(own ? element : element.parentElement)) {
      const edge = frame.getBoundingClientRect();
      const [left, right] = [edge.left + parseFloat(css.borderLeftWidth), edge.right - parseFloat(css.borderRightWidth)];
      const [top, bottom] = [edge.top + parseFloat(css.borderTopWidth), edge.bottom - parseFloat(css.borderBottomWidth)];
      const wide = Math.max(left - box.left, box.right - right);
      const middle = box.height * limits.middle;
      const high = Math.max(top - box.top - middle, box.bottom - middle - bottom);
      if (clips(css, 'X') && wide > limits.edge) return report('cut off', element, box, `${name} is cut off by ${Math.round(wide)} px at the side of ${path(frame)}`, text);
      if (clips(css, 'Y') && !isScrolled && high > limits.edge) return report('cut off', element, box, `${name} is cut off at the foot or head of ${path(frame)}`, text);
      if (scrolls(css, 'X') || scrolls(css, 'Y')) {
        // What begins before the box's start cannot be scrolled to.
        const start = css.direction === 'rtl' ? box.right + frame.scrollLeft - right : left - (box.left + frame.scrollLeft);
        if (start > limits.edge + frame.offsetWidth) report('cut off', element, box, `${name} stands before the start of ${path(frame)}`, text);
        isScrolled = true;
      }
      const hasFrame = parseFloat(css.borderLeftWidth) && parseFloat(css.borderRightWidth) && css.borderLeftStyle !== 'none';
      const isInline = css.display === 'inline';
      if (!isScrolled && !isInline && hasFrame && wide > limits.edge) return report('out of its box', element, box, `${name} sticks out of ${path(frame)} by ${Math.round(wide)} px`, text);
    }
    if (isScrolled) return;
    if (box.left + scrollX < -limits.edge && styleOf(root).direction !== 'rtl') return report('cut off', element, box, `${name} begins left of the screen, where nobody can scroll`, text);
    const beyond = Math.max(box.right - screen, -box.left);
    if (beyond > limits.edge) report('wider than the screen', element, box, `${name} is ${Math.round(beyond)} px wider than the screen`, text);
  };
  for (const one of words) for (const box of one.boxes) judge(one.element, box, quoted(one.text), one.text, true);
  for (const {element, box} of pictures) judge(element, box, `a picture or formula (${element.localName})`, element.getAttribute('alt') || element.textContent, false);
  for (const {element, box} of tables) judge(element, box, `a ${element.localName}`, element.textContent, false);
  for (const {element, box} of tables) {
    if (element.localName !== 'pre' || styleOf(element).display !== 'block') continue;
    const room = styleOf(element.parentElement);
    const width = element.parentElement.clientWidth - parseFloat(room.paddingLeft) - parseFloat(room.paddingRight);
    const lines = element.textContent.trimEnd().split('\n').length;
    const isWrapped = box.height > (lines + 1) * 1.2 * parseFloat(styleOf(element).fontSize) + 24;
    if (isWrapped && box.width < width * limits.narrow)
      report('narrow', element, box, `a pre is ${Math.round(box.width)} px wide where ${Math.round(width)} are free`, element.textContent);
  }
  if (root.scrollWidth > screen + limits.edge && !found.some((one) => one.check === 'wider than the screen'))
    report('wider than the screen', document.body, document.body.getBoundingClientRect(), `the page scrolls to the side by ${root.scrollWidth - screen} px`);

  // Text on text, and text on pictures. Boxes of letters are higher than their ink.
  const lines = words.flatMap((one) => one.boxes.map((box) => {
    const cut = box.height * limits.middle;
    return {...one, left: box.left, right: box.right, top: box.top + cut, bottom: box.bottom - cut, box};
  })).sort((one, other) => one.top - other.top);
  const fixed = (element) => [...ancestors(element)].some((one) => ['fixed', 'sticky'].includes(styleOf(one).position));
  const seen = (line) => {  // the part of a line that its scrolling boxes show
    let {left, right, top, bottom} = line;
    for (const [frame, css] of frames(line.element)) {
      if (css.overflowX === 'visible') continue;
      const edge = frame.getBoundingClientRect();
      [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return {...line, left, right, top, bottom};
  };
  const shown = lines.map(seen).filter((one) => one.right > one.left && one.bottom > one.top && !fixed(one.element));
  for (let first = 0; first < shown.length; first++) {
    const one = shown[first];
    for (let next = first + 1; next < shown.length && shown[next].top < one.bottom; next++) {
      const other = shown[next];
      if (one.isMath && other.isMath && one.element.closest('math') === other.element.closest('math')) continue;
      // A reading may reach over its neighbours (JLREQ 3.3.8), and the box of its base is as wide as the reading.
      const ruby = one.element.closest('ruby') ?? other.element.closest('ruby');
      if (ruby && ruby.parentElement.contains(one.element) && ruby.parentElement.contains(other.element)) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (wide > limits.overlap && high > limits.overlap)
        report('overlap', other.element, other.box, `${quoted(other.text)} stands on ${quoted(one.text)}`, other.text);
    }
    for (const {element, box} of pictures) {
      if (element.contains(one.element)) continue;
      const wide = Math.min(one.right, box.right) - Math.max(one.left, box.left);
      const high = Math.min(one.bottom, box.bottom) - Math.max(one.top, box.top);
      if (wide > limits.overlap && high > limits.overlap)
        report('overlap', one.element, one.box, `${quoted(one.text)} stands on a picture or formula`, one.text);
    }
  }

  // Contrast, size, slant and direction.
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const colours = new Map();
  const rgba = (text) => {
    if (!colours.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      colours.set(text, [r, g, b, a / 255]);
    }
    return colours.get(text);
  };
  const over = (upper, lower) => [0, 1, 2].map((n) => upper[n] * upper[3] + lower[n] * (1 - upper[3])).concat(1);
  const probe = document.createElement('div');
  probe.style.cssText = 'background: Canvas; display: none';
  document.body.append(probe);
  const paper = rgba(getComputedStyle(probe).backgroundColor);
  probe.remove();
  const ground = (element) => [...ancestors(element)].reverse().reduce((below, one) => over(rgba(styleOf(one).backgroundColor), below), paper);
  const light = (colour) => {
    const [r, g, b] = colour.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const UPRIGHT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}]/u;
  const TURNED = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/gu;
  for (const {node, element, boxes, text, isMath} of words) {
    const css = styleOf(element);
    const size = parseFloat(css.fontSize);
    const back = ground(element);
    const opacity = [...ancestors(element)].reduce((all, one) => all * parseFloat(styleOf(one).opacity), 1);
    const ink = rgba(css.color);
    const ratio = contrast(over([...ink.slice(0, 3), ink[3] * opacity], back), back);
    const isLarge = size >= 24 || (size >= 18.66 && parseInt(css.fontWeight) >= 700);
    if (ratio < (isLarge ? limits.contrast_large : limits.contrast))
      report('contrast', element, boxes[0], `${quoted(text)} has a contrast of ${ratio.toFixed(1)} to its background`, text);
    if (size < limits.small && !isMath && !element.closest('rt'))
      report('small type', element, boxes[0], `${quoted(text)} is set in ${size.toFixed(1)} px`, text);
    if (css.fontStyle !== 'normal' && css.fontSynthesisStyle !== 'none' && UPRIGHT.test(text))
      report('slanted', element, boxes[0], `${quoted(text)} is slanted, and its script has no italics`, text);
  }
  const blocks = new Map();
  for (const one of words) {
    if (one.isMath || one.element.closest('pre, code, .tex')) continue;
    const block = [...ancestors(one.element)].find((other) => !styleOf(other).display.startsWith('inline') && !styleOf(other).display.startsWith('ruby'));
    blocks.set(block, [...(blocks.get(block) || []), one]);
  }
  for (const [block, parts] of blocks) {
    const text = parts.map((one) => one.text).join('');
    const css = styleOf(block);
    const count = (of) => [(of.match(TURNED) || []).length, (of.match(/\p{L}/gu) || []).length];
    const box = block.getBoundingClientRect();
    for (const part of parts) {
      const [turned, letters] = count(part.text);
      if (letters > 3 && turned > letters / 2 && css.direction !== 'rtl' && styleOf(part.element).direction !== 'rtl')
        report('direction', part.element, part.boxes[0], `${quoted(part.text)} is set from left to right`, part.text);
    }
    const [turned, letters] = count(text);
    const last = styleOf(parts.at(-1).element).direction;
    if (letters > 3 && !turned && css.direction === 'rtl' && last === 'rtl' && /[.:;,!?)]\s*$/.test(text))
      report('direction', block, box, `${quoted(text)} is set from right to left`, text);
    const isStray = letters > 3 && (turned > letters / 2 ? css.direction === 'rtl' && css.textAlign === 'left' : !turned && css.direction === 'ltr' && css.textAlign === 'right');
    // A paragraph of an item stays beside its bullet, whatever its direction.
    const item = block.parentElement && styleOf(block.parentElement).display === 'list-item' ? styleOf(block.parentElement) : css;
    const side = css.textAlign === 'start' ? {ltr: 'left', rtl: 'right'}[css.direction] : css.textAlign;
    const isParted = item.direction !== css.direction && side === {ltr: 'right', rtl: 'left'}[item.direction];
    if (isParted && item.listStyleType !== 'none') report('direction', block, box, `${quoted(text)} stands far from its bullet`, text);
    if (isStray && item.direction === css.direction && !['table-cell', 'table-caption'].includes(css.display) && !block.closest('[class*="align-"]'))
      report('direction', block, box, `${quoted(text)} is aligned at the wrong side`, text);
  }

  // What cannot be seen: pictures that were not loaded, marks of notes, words below something else.
  for (const image of document.images) {
    if (isShown(image) && image.complete && !image.naturalWidth && !/^https?:/.test(image.src))
      report('picture', image, image.getBoundingClientRect(), 'a picture does not load', image.alt);
  }
  if (isPaged) for (const {element, box} of pictures) {
    if (box.height > innerHeight + limits.edge) report('tall picture', element, box, `a picture is ${Math.round(box.height)} px high on a page of ${innerHeight}`, element.getAttribute('alt'));
  }
  const marks = document.querySelectorAll('a[role="doc-noteref"], a.mark, a[epub\\:type~="noteref"]');
  for (const mark of marks) {
    const boxes = [...mark.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length || !isShown(mark)) report('hidden', mark, mark.getBoundingClientRect(), 'the mark of a note is not shown', mark.textContent);
  }
  // Fixed boxes lie over the page wherever it is scrolled to; sampled points are looked at in the middle of the screen.
  const before = [scrollX, scrollY];
  const samples = shown.filter((one) => !one.isMath).map((one) => ({
    ...one, x: (one.left + one.right) / 2, y: (one.top + one.bottom) / 2 + scrollY,
  })).filter((one) => one.x > 0 && one.x < screen && one.y > 0);
  samples.sort((one, other) => one.y - other.y);
  for (const one of samples) {
    const y = one.y - scrollY;
    if (y < innerHeight * 0.1 || y > innerHeight * 0.8) scrollTo(before[0], one.y - innerHeight * 0.3);
    const hit = document.elementFromPoint(one.x, one.y - scrollY);
    if (!hit || hit.contains(one.element) || one.element.contains(hit)) continue;
    if (styleOf(hit).pointerEvents === 'none' || styleOf(one.element).pointerEvents === 'none') continue;
    // Boxes of neighbours on a line may be higher than the line: only what is painted over the words hides them.
    const paint = rgba(styleOf(hit).backgroundColor)[3] > 0.5 || ['img', 'svg', 'video', 'canvas'].includes(hit.localName);
    const isLater = one.element.compareDocumentPosition(hit) & Node.DOCUMENT_POSITION_FOLLOWING || styleOf(hit).zIndex !== 'auto' || styleOf(hit).position !== 'static';
    if (paint && isLater) {
      const back = onPage({left: one.left, right: one.right, top: one.y - scrollY - 4, bottom: one.y - scrollY + 4});
      report('hidden', one.element, {left: back[0] - scrollX, right: back[2] - scrollX, top: back[1] - scrollY, bottom: back[3] - scrollY}, `${quoted(one.text)} lies under ${path(hit)}`, one.text);
    }
  }
  scrollTo(...before);
  return {
    findings: found.map(({of, ...rest}) => rest),
    pictures: pictures.filter(({element, box}) => element.localName !== 'math' && box.width > 4 && box.height > 4)
      .map(({element, box}) => ({element: path(element), box: onPage(box), text: element.getAttribute('alt') || ''})),
    height: root.scrollHeight,
  };
}
