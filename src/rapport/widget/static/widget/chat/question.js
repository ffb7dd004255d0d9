/* After a matter is settled: one tap from 1 to 5, with words, and a comment for who likes to. */

const questionBox = document.getElementById('question');
let open = null;

function showQuestion(question) {
  if (open && open.invitation === question.invitation) return;
  open = { ...question };
  drawQuestion();
}

function drawQuestion() {
  questionBox.textContent = '';
  questionBox.hidden = !open;
  if (!open) return;
  const group = tag('fieldset', 'scores');
  group.append(tag('legend', '', open.question));
  const hint = tag('p', 'sr', say.lowest);
  hint.id = 'scale';
  group.setAttribute('aria-describedby', 'scale');
  group.append(hint);
  const row = tag('div', 'row');
  open.words.forEach((word, index) => {
    const button = tag('button', 'score');
    button.type = 'button';
    button.append(tag('b', '', String(index + 1)), tag('span', '', word));
    button.setAttribute('aria-pressed', String(open.score === index + 1));
    button.onclick = () => tap(index + 1);
    row.append(button);
  });
  group.append(row);
  questionBox.append(group);
  if (open.score) questionBox.append(open.isCommented ? thanks(say.comment_thanks) : commentForm());
}

/* The tap counts at once and another one corrects it; a missing network only delays it. */
function tap(score) {
  open.score = score;
  outbox.add('answers', { invitation: open.invitation, score });
  // In place: focus stays on the button, and words already typed stay where they are.
  questionBox.querySelectorAll('.score').forEach((button, index) => {
    button.setAttribute('aria-pressed', String(index + 1 === score));
  });
  if (!questionBox.querySelector('.thanks')) questionBox.append(commentForm());
}

function commentForm() {
  const form = tag('form', 'comment');
  form.append(thanks(say.thanks));
  if (!open.comment_question) return form;
  const label = tag('label', '', open.comment_question + ' (' + say.optional + ')');
  const words = tag('textarea');
  words.id = 'comment';
  words.rows = 2;
  words.dir = 'auto';
  label.htmlFor = 'comment';
  const send = tag('button', 'primary', say.comment_send);
  form.append(label, words, send);
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!words.value.trim()) return;
    outbox.add('answers', { invitation: open.invitation, comment: words.value });
    open.isCommented = true;
    drawQuestion();
    questionBox.querySelector('.thanks').focus();
  };
  return form;
}

function thanks(text) {
  const line = tag('p', 'thanks', text);
  line.setAttribute('role', 'status');
  line.tabIndex = -1;
  return line;
}

function forgetQuestion() {
  open = null;
  drawQuestion();
}
