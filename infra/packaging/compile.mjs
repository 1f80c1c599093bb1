// Compiles a folder of Python sources to bytecode for Lambda: node infra/packaging/compile.mjs FOLDER INSTALLED_AT
//
// Bytecode counts for the minor version that made it alone, and few machines have Lambda's. Pyodide is CPython in WebAssembly: its
// version is the package's, on any machine that runs Node.
import { resolve } from "node:path";
import { loadPyodide } from "pyodide";

const [folder, installedAt] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.mkdir("/sources");
python.FS.mount(python.FS.filesystems.NODEFS, { root: resolve(folder) }, "/sources");
python.globals.set("installed_at", installedAt);
const isCompiled = python.runPython(`
import compileall, py_compile
compileall.compile_dir(
    "/sources", maxlevels=50, quiet=1, stripdir="/sources", prependdir=installed_at,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
`);
process.exitCode = isCompiled ? 0 : 1;
