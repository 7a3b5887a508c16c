"""PyTorch's numbers for the losses of src/ops beside plain cross-entropy, in float64: each loss, and the gradient of what
it is a loss of.

    pip install torch
    python make_losses.py > losses.json
"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(16)
torch.set_default_dtype(torch.float64)


def numbers(*shape, scale=2.0):
    """Normal numbers that float32 and four decimals hold."""
    return (scale * torch.randn(*shape)).mul(64).round().div(64)


def entry(loss_of, outputs, **given):
    """The loss of `outputs`, its gradient, and whatever else it was given."""
    x = outputs.clone().requires_grad_()
    loss = loss_of(x)
    loss.backward()
    lists = {name: value.tolist() if torch.is_tensor(value) else value for name, value in given.items()}
    return dict(outputs=outputs.tolist(), **lists, loss=loss.item(), gradient=x.grad.tolist())


def focal(logits, labels, weights, gamma):
    log_p = F.log_softmax(logits, -1)[torch.arange(len(labels)), labels]
    w = weights[labels]
    return (w * (1 - log_p.exp()) ** gamma * -log_p).sum() / w.sum()


def bernoulli(first, second, weight):
    """R-Drop's term for labels that are each on or off: the mean of both divergences over rows and labels."""
    p, q = torch.distributions.Bernoulli(logits=first), torch.distributions.Bernoulli(logits=second)
    kl = torch.distributions.kl_divergence
    return weight * (kl(p, q) + kl(q, p)).mean() / 2


logits, labels, weights = numbers(5, 3), torch.tensor([0, 2, 1, 2, 2]), torch.tensor([0.5, 1.5, 2.5])
binary, targets, positive = numbers(4, 3), torch.tensor([[1., 0, 1], [0, 0, 1], [1, 1, 0], [0, 0, 0]]), torch.tensor([1., 4, 0.25])
values, goals = numbers(9), numbers(9)
first, second = numbers(4, 3), numbers(4, 3)
apart = [x.clone().requires_grad_() for x in (first, second)]
loss = bernoulli(*apart, 0.7)
loss.backward()

print(json.dumps(dict(
    focal=[entry(lambda x: focal(x, labels, weights, gamma), logits, labels=labels, weights=weights, gamma=gamma) for gamma in (0.5, 2.0)],
    binary=[entry(lambda x: F.binary_cross_entropy_with_logits(x, targets, pos_weight=w), binary, targets=targets, weights=w)
            for w in (torch.ones(3), positive)],
    squared=entry(lambda x: F.mse_loss(x, goals), values, targets=goals),
    huber=[entry(lambda x: F.huber_loss(x, goals, delta=delta), values, targets=goals, delta=delta) for delta in (1.0, 0.25)],
    bernoulli=dict(weight=0.7, first=first.tolist(), second=second.tolist(), loss=loss.item(),
                   dFirst=apart[0].grad.tolist(), dSecond=apart[1].grad.tolist()),
)).replace('}, "', '},\n "').replace('], "', '],\n "'))
