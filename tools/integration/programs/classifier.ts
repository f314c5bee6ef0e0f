import { calibrateClassifier, classify, classTargets, createClassifier, saveClassifier } from '@taggerjs/classifier';
import type { ClassifierComponent } from '@taggerjs/mapping';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

/** A network of one's own: softmax regression. */
const regression: ClassifierComponent = {
  config: { type: 'regression' },
  create({ inputShape, classes, random }) {
    const inputs = inputShape.reduce((product, size) => product * size, 1);
    const W = tf.tidy(() => tf.variable(tf.tensor2d(random.normal(inputs * classes), [inputs, classes])));
    const predict = (x: tf.Tensor2D) => tf.tidy(() => tf.softmax(tf.matMul(x, W)) as tf.Tensor2D);
    return {
      predict,
      cost({ labeled, targets }) {
        return tf.tidy(() => {
          const cost = tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.log(predict(labeled))), 1))) as tf.Scalar;
          return { cost: tf.clone(cost), classificationCost: cost, denoisingCosts: [] };
        });
      },
      parameters: () => ({ W }),
      state: () => ({}),
      dispose: () => W.dispose(),
    };
  },
};

async function main() {
  await tf.setBackend('cpu');
  const classifier = createClassifier({ inputShape: [2, 2], classes: 3, network: regression });
  const inputs = Float32Array.from({ length: 8 }, (_, i) => i);
  await calibrateClassifier(classifier, [{ inputs }]);
  const probabilities = await classify(classifier, inputs);
  const sum = probabilities.slice(0, 3).reduce((total, p) => total + p, 0);
  if (probabilities.length !== 6 || Math.abs(sum - 1) > 1e-5) throw new Error('not [2, 3] probabilities');
  if (classTargets([2, 0], { size: 2, classes: 3 })[2] !== 1) throw new Error('not the targets of the labels');
  if ((await saveClassifier(classifier)).length < 48) throw new Error('not a file of 12 values');
  classifier.dispose();
}

main().then(() => console.log('ok'));
