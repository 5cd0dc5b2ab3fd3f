// The little Markdown that Teams shows in messages and cards: bold, italic, strike, code, links and lists. Everything
// else in a text is shown as it is.

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => text.replace(/[&<>"']/g, (c) => escapes[c]);

function inline(text) {
  // Backslash escapes are set aside first, so that what a bot escaped stays as it was typed.
  const kept = [];
  const aside = (html) => `\u0000${kept.push(html) - 1}\u0000`;
  return escape(text.replace(/\u0000/g, '').replace(/\\([\\`*_{}[\]()#+\-.!~|>])/g, (_, c) => aside(escape(c))))
    .replace(/`([^`]+)`/g, (_, code) => aside(`<code>${code}</code>`))
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, (_, label, url) => aside(`<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>`))
    .replace(/\*\*(.+?)\*\*|__(.+?)__/g, '<strong>$1$2</strong>')
    .replace(/(^|[^\w*])[*_]([^*_\s](?:[^*_]*[^*_\s])?)[*_](?!\w)/g, '$1<em>$2</em>')
    .replace(/~~(.+?)~~/g, '<s>$1</s>')
    .replace(/\u0000(\d+)\u0000/g, (_, i) => kept[i])
    .replace(/\u0000(\d+)\u0000/g, (_, i) => kept[i]);
}

// toHTML gives safe HTML: every character of the text is escaped, and only the tags above are made.
export function toHTML(text) {
  const out = [];
  let list = '';
  const end = () => {
    if (list) out.push(`</${list}>`);
    list = '';
  };
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(`<p>${paragraph.map(inline).join('<br>')}</p>`);
    paragraph = [];
  };
  for (const line of String(text).split(/\r?\n/)) {
    const item = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/.exec(line);
    if (item) {
      flush();
      const kind = item[1] ? 'ul' : 'ol';
      if (list !== kind) {
        end();
        list = kind;
        out.push(`<${kind}>`);
      }
      out.push(`<li>${inline(item[2])}</li>`);
    } else if (line.trim() === '') {
      flush();
      end();
    } else {
      end();
      paragraph.push(line);
    }
  }
  flush();
  end();
  return out.join('');
}
