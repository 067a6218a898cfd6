"""Common first names in normal form (`norm`), to tell a first name from a family name.

Small lists on purpose: with patronymics and the order of words they decide nearly every real row.
"""

from __future__ import annotations

RUSSIAN = frozenset(
    """
    александр алексей анатолий андрей антон аркадий арсений артем артур богдан борис вадим
    валентин валерий василий виктор виталий влад владимир владислав всеволод вячеслав геннадий
    георгий герман глеб григорий давид даниил данила денис дмитрий евгений егор захар иван игнат
    игорь илья иннокентий иосиф кирилл константин лев леонид макар максим марат марк матвей михаил
    мирон назар никита николай олег павел петр платон прохор ринат роберт родион роман ростислав
    руслан рустам савелий семен сергей станислав степан тарас тимофей тимур федор филипп эдуард
    эльдар эмиль юлиан юрий яков ярослав азамат айдар али арман ахмед ашот гурген ильдар карен
    камиль магомед мурат нурлан рамиль расул рафаэль рашид ренат санжар султан тигран фарид хасан
    шамиль эрик агата александра алена алина алиса алла альбина анастасия ангелина анжела анна
    антонина арина ася белла валентина валерия варвара василиса вера вероника виктория виолетта
    галина дарья диана дина ева евгения екатерина елена елизавета жанна зинаида злата зоя инга
    инна ирина камилла карина кира клавдия кристина ксения лариса лидия лилия любовь людмила
    маргарита марина мария марта мила милана надежда наталья наталия нелли нина оксана олеся ольга
    полина раиса регина римма розалия рената светлана серафима снежана софия софья стелла таисия
    тамара татьяна ульяна фаина эвелина элина эльвира эмма юлиана юлия яна айгуль алия алсу гузель
    гульнара дильнара зарина лейла мадина саша маша даша катя аня оля лена таня наташа ира света
    юля настя дима леша сережа миша ваня коля паша вова женя витя гоша костя слава
    """.split()
)
ENGLISH = frozenset(
    """
    aaron adam alan albert alex alexander alice amanda amy andrea andrew angela ann anna anne
    anthony arthur barbara ben benjamin betty brian bruce carl carol caroline catherine charles
    charlotte chris christian christine christopher claire daniel david deborah dennis diana
    donald donna dorothy douglas edward elizabeth emily emma eric eva evelyn frances francis frank
    fred gary george gerald grace gregory hannah harold harry heather helen henry howard ivan jack
    jacob james jane janet jason jean jeffrey jennifer jeremy jessica jim joan joe john jonathan
    joseph joshua joyce judith judy julia julie justin karen katherine kathleen keith kelly
    kenneth kevin kimberly kyle larry laura lawrence lily linda lisa louis louise lucas lucy maria
    marie mark martha martin mary matthew megan melissa michael michelle mike nancy natalie nathan
    nicholas nicole nina noah oliver olivia oscar pamela patricia patrick paul peter philip rachel
    ralph raymond rebecca richard robert roger ronald rose roy ruth ryan samantha samuel sandra
    sara sarah scott sean sharon simon sophia sophie stephanie stephen steven susan teresa thomas
    timothy tom tyler victor victoria vincent virginia walter wayne william zoe
    """.split()
)
