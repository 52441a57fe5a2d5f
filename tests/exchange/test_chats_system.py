"""What the app itself says: who joined and by whom, who left, who took a message back."""

from __future__ import annotations

import pytest

from qunguan.exchange.readers.chats_system import understand

ME = "我"
LINES = {
    '"阿明"邀请"小红"加入了群聊': [("join", "小红", "阿明")],
    '"阿明"邀请"小红、小白"加入了群聊': [("join", "小红", "阿明"), ("join", "小白", "阿明")],
    "“阿明”邀请“小红”加入了群聊": [("join", "小红", "阿明")],
    '"阿明"邀请"小"红""加入了群聊': [("join", '小"红"', "阿明")],
    '"阿明"邀请你加入了群聊，群聊参与人还有：小红、小白': [("join", ME, "阿明")],
    '"阿明"邀请你和"小红、小白"加入了群聊': [("join", ME, "阿明"), ("join", "小红", "阿明"), ("join", "小白", "阿明")],
    '你邀请"小红"加入了群聊': [("join", "小红", ME)],
    '你邀请"小红、小白"加入了群聊  撤销': [("join", "小红", ME), ("join", "小白", ME)],
    '"小红"通过扫描"阿明"分享的二维码加入群聊': [("join", "小红", "阿明")],
    '" 小红"通过扫描你分享的二维码加入群聊': [("join", "小红", ME)],
    '"小、红"通过扫描"阿明"分享的二维码加入群聊': [("join", "小、红", "阿明")],
    "你通过扫描二维码加入群聊，群聊参与人还有：小红": [("join", ME, None)],
    '你通过扫描"阿明"分享的二维码加入群聊': [("join", ME, "阿明")],
    "小红加入本群。": [("join", "小红", None)],
    '小"红"加入了群聊': [("join", '小"红"', None)],
    "阿明邀请小红加入了群聊": [("join", "小红", "阿明")],
    "小红通过阿明分享的二维码加入了群聊": [("join", "小红", "阿明")],
    "你邀请小红加入了群聊": [("join", "小红", ME)],
    "A invited B to the group chat": [("join", "B", "A")],
    '"A" invited "B" to the group chat': [("join", "B", "A")],
    'You invited "B" to the group chat.': [("join", "B", ME)],
    '"A" invited you to a group chat with C': [("join", ME, "A")],
    '"B" joined group chat via your shared QR Code': [("join", "B", ME)],
    '"B" joined the group chat via "A"\'s shared QR code.': [("join", "B", "A")],
    '你将"小红"移出了群聊': [("leave", "小红", None)],
    '你被"阿明"移出群聊': [("leave", ME, None)],
    '"阿明"将"小红"移出了群聊': [("leave", "小红", None)],
    "小红被阿明移出了本群": [("leave", "小红", None)],
    "小红退出了群聊": [("leave", "小红", None)],
    "小红离开了群聊。": [("leave", "小红", None)],
    'You removed "B" from the group chat': [("leave", "B", None)],
    "B left the group chat.": [("leave", "B", None)],
    '"阿明" 撤回了一条消息': [("recall", "阿明", None)],
    "你撤回了一条消息": [("recall", ME, None)],
    '<sysmsg><![CDATA[你撤回了一条消息 <a href="weixin://revoke_edit_click">重新编辑</a>]]></sysmsg>': [
        ("recall", ME, None)
    ],
    "阿明 撤回了 小红 的消息": [("recall", "小红", None)],
    '"A" recalled a message': [("recall", "A", None)],
    "You've recalled a message": [("recall", ME, None)],
    '"阿明" 拍了拍 "小红"': [("system", None, None)],
    '"阿明"修改群名为“早起群”': [("system", None, None)],
    "": [("system", None, None)],
    "你已添加了阿明，现在可以开始聊天了。": [("system", None, None)],
}


@pytest.mark.parametrize("line", LINES)
def test_system_lines(line):
    told = [(one.kind, one.who and one.who.id, one.inviter and one.inviter.id) for one in understand(line)]
    assert told == LINES[line]


def test_a_line_of_any_length_is_read_at_once():
    assert understand('"阿明' * 50_000 + "加入了群聊")[0].kind == "system"
