/** Slack's names of the most common emoji. An unknown name stays as written. */

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎
warning ⚠️|exclamation ❗|heavy_exclamation_mark ❗|bangbang ‼️|question ❓|grey_question ❔|grey_exclamation ❕|interrobang ⁉️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|large_purple_circle 🟣|large_brown_circle 🟤|white_circle ⚪|black_circle ⚫
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦|white_large_square ⬜|black_large_square ⬛
large_orange_diamond 🔶|large_blue_diamond 🔷|small_orange_diamond 🔸|small_blue_diamond 🔹|small_red_triangle 🔺|small_red_triangle_down 🔻|radio_button 🔘
rotating_light 🚨|fire 🔥|boom 💥|collision 💥|zap ⚡|sparkles ✨|star ⭐|star2 🌟|tada 🎉|confetti_ball 🎊|rocket 🚀|bulb 💡|bell 🔔|no_bell 🔕
eyes 👀|eye 👁️|wave 👋|raised_hand ✋|hand ✋|raised_hands 🙌|pray 🙏|clap 👏|muscle 💪|point_up ☝️|point_right 👉|point_left 👈|point_down 👇|point_up_2 👆|ok_hand 👌|handshake 🤝|v ✌️|crossed_fingers 🤞|writing_hand ✍️
smile 😄|smiley 😃|grinning 😀|grin 😁|laughing 😆|satisfied 😆|joy 😂|rolling_on_the_floor_laughing 🤣|rofl 🤣|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|innocent 😇|heart_eyes 😍|sunglasses 😎|thinking_face 🤔|thinking 🤔|neutral_face 😐|expressionless 😑|unamused 😒|face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌|pensive 😔|sleepy 😪|sleeping 😴|confused 😕|worried 😟|slightly_frowning_face 🙁|white_frowning_face ☹️|open_mouth 😮|hushed 😯|astonished 😲|flushed 😳|pleading_face 🥺|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|sweat_smile 😅|weary 😩|tired_face 😫|triumph 😤|rage 😡|angry 😠|exploding_head 🤯|shrug 🤷|man-shrugging 🤷‍♂️|woman-shrugging 🤷‍♀️|facepalm 🤦|skull 💀|ghost 👻|robot_face 🤖|clown_face 🤡|partying_face 🥳|saluting_face 🫡|melting_face 🫠
heart ❤️|orange_heart 🧡|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|white_heart 🤍|broken_heart 💔|sparkling_heart 💖|100 💯|sos 🆘|ok 🆗|new 🆕|up 🆙|free 🆓|cool 🆒
speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|mega 📣|loudspeaker 📢|email 📧|e-mail 📧|envelope ✉️|incoming_envelope 📨|envelope_with_arrow 📩|inbox_tray 📥|outbox_tray 📤|mailbox 📫|package 📦|telephone ☎️|telephone_receiver 📞|phone ☎️|iphone 📱|calling 📲|computer 💻|desktop_computer 🖥️|keyboard ⌨️|satellite_antenna 📡|globe_with_meridians 🌐|link 🔗
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️|mag 🔍|mag_right 🔎|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|gear ⚙️|toolbox 🧰|construction 🚧|ladybug 🐞|bug 🐛
clock1 🕐|clock3 🕒|clock9 🕘|clock12 🕛|alarm_clock ⏰|stopwatch ⏱️|timer_clock ⏲️|hourglass ⌛|hourglass_flowing_sand ⏳|calendar 📅|date 📅|spiral_calendar_pad 🗓️|zzz 💤
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|bookmark 🔖|bookmark_tabs 📑|label 🏷️|pushpin 📌|round_pushpin 📍|paperclip 📎|file_folder 📁|open_file_folder 📂|card_index 📇|card_index_dividers 🗂️|books 📚|book 📖|newspaper 📰|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|scroll 📜|ticket 🎫|admission_tickets 🎟️|trophy 🏆|medal 🏅|dart 🎯|gift 🎁|balloon 🎈|art 🎨|framed_picture 🖼️|camera 📷|wastebasket 🗑️
arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️|arrow_upper_right ↗️|arrow_lower_right ↘️|leftwards_arrow_with_hook ↩️|arrow_right_hook ↪️|arrow_forward ▶️|arrow_backward ◀️|fast_forward ⏩|rewind ⏪|double_vertical_bar ⏸️|black_square_for_stop ⏹️|arrows_counterclockwise 🔄|repeat 🔁|twisted_rightwards_arrows 🔀|heavy_plus_sign ➕|heavy_minus_sign ➖|information_source ℹ️|recycle ♻️
moneybag 💰|money_with_wings 💸|credit_card 💳|dollar 💵|euro 💶|receipt 🧾|shopping_trolley 🛒|bank 🏦|chart 💹
bust_in_silhouette 👤|busts_in_silhouette 👥|man 👨|woman 👩|baby 👶|female-doctor 👩‍⚕️|police_car 🚓|ambulance 🚑|fire_engine 🚒|car 🚗|bike 🚲|airplane ✈️|house 🏠|office 🏢|hospital 🏥|school 🏫|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏
sunny ☀️|sun_with_face 🌞|cloud ☁️|rain_cloud 🌧️|umbrella ☔|snowflake ❄️|rainbow 🌈|seedling 🌱|evergreen_tree 🌲|four_leaf_clover 🍀|cherry_blossom 🌸|rose 🌹|sunflower 🌻|dog 🐶|cat 🐱|bird 🐦|unicorn_face 🦄|coffee ☕|tea 🍵|beer 🍺|pizza 🍕|cake 🍰|birthday 🎂|apple 🍎
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|zero 0️⃣|hash #️⃣|checkered_flag 🏁|triangular_flag_on_post 🚩|waving_white_flag 🏳️|flag-es 🇪🇸|es 🇪🇸|flag-fr 🇫🇷|fr 🇫🇷|flag-de 🇩🇪|de 🇩🇪|flag-gb 🇬🇧|gb 🇬🇧|flag-us 🇺🇸|us 🇺🇸|flag-jp 🇯🇵|jp 🇯🇵|flag-br 🇧🇷|flag-pt 🇵🇹|flag-it 🇮🇹|it 🇮🇹|flag-sa 🇸🇦|flag-il 🇮🇱
large_green_square 🟩|jigsaw 🧩|magnet 🧲|test_tube 🧪|thermometer 🌡️|pill 💊|crystal_ball 🔮|popcorn 🍿|level_slider 🎚️|control_knobs 🎛️|electric_plug 🔌|battery 🔋|signal_strength 📶|vibration_mode 📳|mute 🔇|speaker 🔈|sound 🔉|loud_sound 🔊|microphone 🎤|headphones 🎧|musical_note 🎵
`;

const BY_NAME = new Map(
  TABLE.trim().split(/[|\n]/).map((pair) => {
    const space = pair.lastIndexOf(" ");
    return [pair.slice(0, space), pair.slice(space + 1)];
  }),
);

/** Return the character of a Slack name (a skin tone after `::` is dropped), or null. */
export const emoji = (name) => BY_NAME.get(name.replace(/::.*$/, "")) ?? null;

/** Replace the `:names:` in plain text by characters. */
export const withEmoji = (text) => String(text ?? "").replace(/:([a-z0-9_+'-]+):/g, (name, inner) => emoji(inner) ?? name);
