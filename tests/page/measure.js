// SPDX-License-Identifier: GPL-3.0-or-later
// Measures a page as it is drawn, and posts what is wrong with it to the page around it.
(() => {
	const wrong = [];
	const say = (what, where) => wrong.push(`${what}: ${where}`);
	const wide = document.documentElement.clientWidth;
	const name = (e) => `<${e.tagName.toLowerCase()}> ${(e.textContent || '').trim().slice(0, 40)}`;
	const drawn = (r) => r.width > 0.5 && r.height > 0.5;

	// Nothing reaches out of the page.
	const still = /^(html|head|body|title|desc|script|style|meta)$/i;
	for (const e of document.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();

		if (still.test(e.tagName) || !drawn(r))
			continue;
		if (r.right > wide + 1 || r.left < -1)
			say('outside', `${name(e)} ${Math.round(r.left)}..${Math.round(r.right)} of ${wide}`);
	}
	if (document.documentElement.scrollWidth > wide + 1)
		say('outside', `the page scrolls sideways: ${document.documentElement.scrollWidth} of ${wide}`);

	// Every piece of text with the lines that it is drawn in.
	const texts = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const node = walker.currentNode, e = node.parentElement;

		if (!node.data.trim() || /^(script|style|title|desc)$/i.test(e.tagName) ||
			!e.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
			continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const r of range.getClientRects())
			if (drawn(r))
				texts.push({ e, r, sign: e.classList.contains('sign') });
	}

	// None of them lies on another: two pixels are the fonts' own.
	texts.sort((a, b) => a.r.top - b.r.top);
	texts.forEach((a, i) => {
		for (let k = i + 1; k < texts.length && texts[k].r.top < a.r.bottom - 2; k++) {
			const b = texts[k];
			const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
			const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);

			if (a.e !== b.e && across > 1.5 && down > 4)
				say('overlap', `${name(a.e)} and ${name(b.e)}`);
		}
	});

	// Contrast by WCAG 2.2, 1.4.3.
	const colour = (text) => {
		const n = (text.match(/[\d.]+/g) || []).map(Number);

		return n.length < 3 || (n.length > 3 && n[3] < 1) ? null : n.slice(0, 3);
	};
	const light = (rgb) => {
		const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (t) => {
		const disc = t.sign && t.e.parentElement.querySelector('circle');

		if (disc)
			return colour(getComputedStyle(disc).fill);
		for (let e = t.e; e; e = e.parentElement) {
			const c = colour(getComputedStyle(e).backgroundColor);

			if (c)
				return c;
		}
		return [255, 255, 255];
	};
	let least = 21;
	for (const t of texts) {
		const style = getComputedStyle(t.e);
		const ink = colour(t.e.closest('svg') ? style.fill : style.color), paper = ground(t);

		if (!ink || !paper) {
			say('contrast', `cannot be told of ${name(t.e)}`);
			continue;
		}
		const [a, b] = [light(ink), light(paper)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);

		least = Math.min(least, ratio);
		if (ratio < 4.5)
			say('contrast', `${ratio.toFixed(2)} of ${name(t.e)}`);
	}

	// For readers without eyes.
	if (!document.documentElement.lang)
		say('reader', 'the page has no language');
	if (!document.title.trim())
		say('reader', 'the page has no title');
	let level = 0;
	for (const h of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
		const n = Number(h.tagName[1]);

		if (n > level + 1)
			say('reader', `heading ${name(h)} skips a level`);
		level = n;
	}
	if (document.querySelectorAll('h1').length !== 1)
		say('reader', 'there is not one first heading');
	for (const svg of document.querySelectorAll('svg')) {
		const has = (what) => [...svg.children].some((c) => c.tagName === what && c.textContent.trim());

		if (svg.parentElement.closest('svg'))
			continue;
		if (svg.getAttribute('role') !== 'img' || !has('title') || !has('desc'))
			say('reader', `a picture without role, title or description: ${name(svg)}`);
	}
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	for (const id of ids.filter((x, i) => ids.indexOf(x) !== i))
		say('reader', `the id ${id} stands twice`);
	for (const a of document.querySelectorAll('a[href]'))
		if (!document.querySelector(a.getAttribute('href')))
			say('reader', `a link that leads nowhere: ${a.getAttribute('href')}`);

	// What was loaded beside the page itself.
	for (const r of performance.getEntriesByType('resource'))
		say('request', r.name);

	parent.postMessage({ wrong, texts: texts.length, least, wide,
		dark: matchMedia('(prefers-color-scheme: dark)').matches }, '*');
})();
