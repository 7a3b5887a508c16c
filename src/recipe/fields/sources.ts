/** Sources of fields in more than one group. */
export const devlin = "Devlin et al. 2019, BERT, appendix A.3";
export const zhang = "Zhang et al. 2021, Revisiting Few-sample BERT Fine-tuning";
export const loshchilov = "Loshchilov and Hutter 2019, Decoupled Weight Decay Regularization";
export const practice = "Common practice";
