/** Line icons on a 20 × 20 grid, in the colour of the surrounding text. */

const PATHS = {
  close: ["M5 5l10 10", "M15 5L5 15"],
  chevron: ["M6 8l4 4 4-4"],
  back: ["M12 5l-5 5 5 5"],
  hash: ["M8 3L6.500 17", "M13.500 3L12 17", "M4 7.500h13", "M3 12.500h13"],
  lock: ["M5 9h10v8H5z", "M7 9V6.500a3 3 0 0 1 6 0V9"],
  home: ["M3.500 9.500L10 4l6.500 5.500", "M5.500 8.500V16h9V8.500"],
  reply: ["M8 5L4 9l4 4", "M4 9h7a5 5 0 0 1 5 5v1"],
  thread: ["M4 4.500h12v8.500H9.500L6 16v-3H4z"],
  more: ["M4.500 10h.01", "M10 10h.01", "M15.500 10h.01"],
  send: ["M4 4l13 6-13 6 2.500-6z", "M6.500 10H11"],
  mail: ["M3 5h14v10H3z", "M3.500 5.500L10 11l6.500-5.500"],
  pause: ["M7 5v10", "M13 5v10"],
  play: ["M7 4.500l8 5.500-8 5.500z"],
  check: ["M4.500 10.500l3.500 3.500 7.500-8"],
  bell: ["M10 3a4.500 4.500 0 0 1 4.500 4.500c0 4 1.500 5.500 1.500 5.500H4s1.500-1.500 1.500-5.500A4.500 4.500 0 0 1 10 3z", "M8.500 15.500a1.600 1.600 0 0 0 3 0"],
  globe: ["M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M3 10h14", "M10 3c2.500 2 3 4.500 3 7s-.5 5-3 7c-2.500-2-3-4.500-3-7s.5-5 3-7z"],
  menu: ["M4 6h12", "M4 10h12", "M4 14h12"],
  eye: ["M2.500 10S5 5 10 5s7.500 5 7.500 5-2.500 5-7.500 5-7.500-5-7.500-5z", "M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"],
  clip: ["M14.500 9.500l-5 5a3 3 0 0 1-4.250-4.250l6-6a2 2 0 0 1 2.850 2.850l-6 6a1 1 0 0 1-1.400-1.400l5-5"],
  phone: ["M7 2.500h6a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1z", "M9 15h2"],
  bolt: ["M11 2.500L4.500 11.500H9l-1 6 7-9.500h-5z"],
  down: ["M10 4v12", "M5 11l5 5 5-5"],
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", "aria-hidden": "true", class: `icon icon-${name}` })) {
    svg.setAttribute(key, value);
  }
  for (const d of PATHS[name]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
