// Arrow keys go from cell to cell of a calendar; without this the tab key reaches the same links in order.
"use strict";

for (const table of document.querySelectorAll("[data-calendar]")) {
  // A table of cells by row and column, where a cell that spans rows stands in each of them.
  const grid = [];
  [...table.tBodies[0].rows].forEach((row, y) => {
    let x = 0;
    grid[y] ??= [];
    for (const cell of row.cells) {
      while (grid[y][x]) x += 1;
      for (let below = 0; below < cell.rowSpan; below += 1) {
        (grid[y + below] ??= [])[x] = cell;
      }
    }
  });
  const linksOf = (cell) => (cell ? [...cell.querySelectorAll("a")] : []);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const cell = event.target.closest("td, th");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    let y = grid.findIndex((row) => row.includes(cell));
    if (y < 0) return;
    let x = grid[y].indexOf(cell);
    const inside = linksOf(cell);
    const next = inside[inside.indexOf(event.target) + step[0]];
    let target = step[0] ? next : null;
    while (!target) {
      y += step[0];
      x += step[1];
      if (!grid[y] || !grid[y][x]) return;
      if (grid[y][x] !== cell) {
        const links = linksOf(grid[y][x]);
        target = step[0] < 0 ? links.at(-1) : links[0];
      }
    }
    event.preventDefault();
    target.focus();
  });
}
