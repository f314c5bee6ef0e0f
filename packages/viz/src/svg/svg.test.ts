import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';
import fc from 'fast-check';
import { element, escapeXml, formatCoordinate } from './svg';

const parse = (xml: string) => new DOMParser({ onError: onWarningStopParsing }).parseFromString(xml, 'text/xml');

describe('escapeXml', () => {
  it('preserves any text in content and attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        // Parsers turn tabs and newlines in attributes into spaces, which escaping does not prevent.
        fc.pre(!/[\t\n\r]/.test(text) && escapeXml(text).indexOf('\ufffd') < 0);
        const root = parse(element('a', { b: text }, [escapeXml(text)])).documentElement;
        expect(root?.getAttribute('b')).toBe(text);
        expect(root?.textContent).toBe(text);
      }),
    );
  });

  it('escapes markup', () => {
    expect(escapeXml(`<script>"&'`)).toBe('&lt;script&gt;&quot;&amp;&#39;');
  });

  it('replaces characters that XML forbids', () => {
    expect(escapeXml('a\u0000b\ud800c\uffff')).toBe('a\ufffdb\ufffdc\ufffd');
  });

  it('keeps characters beyond the basic plane', () => {
    expect(escapeXml('\u{1f4c8}')).toBe('\u{1f4c8}');
  });
});

describe('element', () => {
  it('omits undefined attributes and rounds numbers', () => {
    expect(element('rect', { x: 1 / 3, y: undefined, z: -0.001 })).toBe('<rect x="0.33" z="0"/>');
  });
});

describe('formatCoordinate', () => {
  it('never writes minus zero or an exponent', () => {
    expect([-0, 1e-9, 12.345].map(formatCoordinate)).toEqual(['0', '0', '12.35']);
  });
});
