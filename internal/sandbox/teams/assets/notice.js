// A short message at the foot of the page, read out by screen readers. link is shown with it and can be copied by hand.

export function say(sentence, link = '') {
  const box = document.getElementById('toast');
  box.querySelector('[data-part=text]').textContent = sentence;
  const field = box.querySelector('input');
  field.hidden = !link;
  field.value = link;
  box.hidden = false;
  if (link) field.select();
}
