// Files that are dropped on the page, folders with all that is in them.

/** @typedef {{ path: string, file: File }} Chosen */

/** Files as an input gives them; those of a folder know where they stood in it. @param {Iterable<File>} files */
export const chosen = (files) => Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/**
 * The whole page takes the drop, so that a near miss does not leave the page for the file.
 *
 * @param {(over: boolean) => void} mark
 * @param {(files: Chosen[], folders: boolean) => void} give
 */
export function acceptDrops(mark, give) {
  let depth = 0;
  const move = (by) => {
    depth = Math.max(0, depth + by);
    mark(depth > 0);
  };
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => holdsFiles(event) && move(1));
  addEventListener("dragleave", (event) => holdsFiles(event) && move(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    move(-depth);
    // The entries must be taken before the first wait: afterwards the transfer is empty.
    const files = [...event.dataTransfer.files];
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const folders = entries.some((entry) => entry.isDirectory);
    give(folders ? (await Promise.all(entries.map((entry) => inside(entry, "")))).flat(9) : chosen(files), folders);
  });
}

/** All files in an entry, by name. One that cannot be had is given empty, so that it is told of. */
async function inside(entry, folder) {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise((done) => entry.file(done, () => done(new File([], entry.name))));
    return [{ path, file }];
  }
  const reader = entry.createReader();
  const entries = [];
  for (;;) {
    // A folder is handed out a hundred entries at a time.
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (some.length === 0) break;
    entries.push(...some);
  }
  const list = [];
  for (const each of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) list.push(...(await inside(each, `${path}/`)));
  return list;
}
