// The part of docs/recipes.md about an untouched first run; scripts/first-run-rows.mjs makes its files.

export const firstRun = `## An untouched first run

\`tabtune fit\` with the starter model and no recipe (automatic: 1e-4, by the hidden size of 384; 12 or 13 epochs, so that there are at least 300 steps), beside the preset Classic (2e-5, 3 epochs) and 1e-4 for six epochs. A stratified fifth of each file is held out, seed 42, one run each; the scores are those of the best weights. One standard error is 1 to 5 points: Classic is clearly behind everywhere, the other two are alike.

| rows | recipe | steps | accuracy | macro F1 | processor |
| --- | --- | --- | --- | --- | --- |
| 480 text messages, half of them spam | Classic | 72 | 92.7 % | 0.927 | 111 s |
| | 1e-4 × 6 | 144 | 99.0 % | 0.990 | 219 s |
| | automatic | 312 | 99.0 % | 0.990 | 460 s |
| 500 questions of Banking77, its ten largest classes | Classic | 75 | 68.0 % | 0.671 | 77 s |
| | 1e-4 × 6 | 150 | 95.0 % | 0.948 | 133 s |
| | automatic | 300 | 95.0 % | 0.949 | 275 s |
| 480 sentences of SST-2 | Classic | 72 | 53.1 % | 0.366 | 78 s |
| | 1e-4 × 6 | 144 | 75.0 % | 0.748 | 152 s |
| | automatic | 312 | 76.0 % | 0.760 | 328 s |

Files by \`node scripts/first-run-rows.mjs SMS BANKING77 SST2 FOLDER\`; each run by \`tabtune fit --model public/starter --data FILE --out DIR --backend wasm --set evaluationsPerEpoch=0\`, with \`--preset classic\` or \`--set learningRate=1e-4 --set epochs=6\`. Without the evaluations within an epoch, which change no weight and choose none, a run takes less time; the losses were the same with them, as far as they were compared. Machine: 2 cores, wasm, one thread; other programs ran at the same time, so that processor time is given.`;
