import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, step } from './console.mjs';
import { root, stamp, tools } from './paths.mjs';
import { exec, fromEnvironment, which } from './process.mjs';

/** The Python package that holds libtensorflow with its headers; TensorFlow.js works with it, and it is newer than its own. */
const wheel = 'tensorflow-cpu==2.18.1';

/**
 * Makes the native addon of TensorFlow.js load: what is there, else libtensorflow out of the wheel (TENSORFLOW_WHEEL, or
 * downloaded by pip) and the addon compiled against it. The addon's own installer downloads an older library from a
 * site that closed networks refuse.
 */
export async function installTensorFlow() {
  const addon = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const built = stamp('tensorflow', `${wheel} ${process.version}`);
  const binding = join(addon, 'lib', `napi-v${napiOf(addon)}`, 'tfjs_binding.node');
  if (built.isDone && existsSync(binding)) return;
  const folder = join(tools, 'tensorflow');
  const library = join(folder, 'tensorflow', 'libtensorflow_cc.so.2');
  if (!existsSync(library)) await step('TensorFlow: library', (say) => unpackWheel(folder, say));
  await step('TensorFlow: addon', async () => {
    if (!which('make') || !which('g++')) {
      throw new SetupError(
        'A C++ compiler is missing: TensorFlow.js needs make and g++.',
        'Install them, for example `apt-get install build-essential`.',
      );
    }
    link(addon, join(folder, 'tensorflow'));
    await exec('npx', ['node-pre-gyp', 'install', '--build-from-source'], {
      cwd: addon,
      remedy: 'The addon did not compile; see its output. Python 3, make and g++ are needed.',
    });
    await exec(
      process.execPath,
      [
        '-e',
        "require('node:util').isNullOrUndefined ??= (v) => v == null; require('@tensorflow/tfjs-node').add(1, 2).dataSync()",
      ],
      {
        cwd: root,
        remedy: 'TensorFlow.js was built but does not load on this machine; its output says why.',
      },
    );
  });
  built.done();
}

async function unpackWheel(folder, say) {
  const python = which('python3') ?? which('python');
  if (!python)
    throw new SetupError('Python 3 is missing: TensorFlow comes as a Python package.', 'Install Python 3 with pip.');
  let file = fromEnvironment('TENSORFLOW_WHEEL');
  const download = join(tools, 'wheels');
  if (!file) {
    mkdirSync(download, { recursive: true });
    const args = [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--dest',
      download,
      '--python-version',
      '3.11',
      '--only-binary=:all:',
      wheel,
    ];
    await exec(python, args, {
      remedy: 'Install pip for Python 3, check the network, or let TENSORFLOW_WHEEL name a downloaded wheel.',
    });
    file = join(download, readdirSync(download).find((name) => name.endsWith('.whl')) ?? '');
    say(wheel);
  } else say('TENSORFLOW_WHEEL');
  const script = [
    'import sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    "z.extractall(sys.argv[2], [n for n in z.namelist() if n.startswith(('tensorflow/include/', 'tensorflow/libtensorflow_'))])",
  ].join('\n');
  await exec(python, ['-c', script, file, folder], {
    remedy: 'The wheel could not be unpacked; about 2 GB of disk are needed.',
  });
  rmSync(download, { recursive: true, force: true });
}

function link(addon, tensorflow) {
  const lib = join(addon, 'deps', 'lib');
  rmSync(join(addon, 'deps'), { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  symlinkSync(join(tensorflow, 'include'), join(addon, 'deps', 'include'));
  for (const [part, plain] of [
    ['cc', 'libtensorflow.so'],
    ['framework', 'libtensorflow_framework.so'],
  ]) {
    const target = join(tensorflow, `libtensorflow_${part}.so.2`);
    symlinkSync(target, join(lib, plain));
    symlinkSync(target, join(lib, `libtensorflow_${part}.so.2`));
  }
}

function napiOf(addon) {
  const found =
    existsSync(join(addon, 'lib')) && readdirSync(join(addon, 'lib')).find((name) => name.startsWith('napi-v'));
  return found ? found.slice('napi-v'.length) : '8';
}
